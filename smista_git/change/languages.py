"""Which language or format a file is in, by its name. A table to read and to add to."""

from __future__ import annotations

from functools import lru_cache

# One line a language: its name, then extensions without the dot, in lower case.
_EXTENSIONS = """
ada: adb ads
apl: apl
asciidoc: adoc asciidoc
assembly: asm s nasm
astro: astro
awk: awk
batch: bat cmd
bazel: bzl bazel
bicep: bicep
c: c h
c#: cs csx
c++: cc cpp cxx c++ hh hpp hxx ipp inl tpp cppm ixx
clojure: clj cljs cljc edn
cmake: cmake
cobol: cob cbl
coffeescript: coffee
common lisp: lisp lsp cl
crystal: cr
css: css
csv: csv tsv
cuda: cu cuh
cython: pyx pxd pxi
d: d di
dart: dart
diff: diff patch
dockerfile: dockerfile containerfile
elixir: ex exs heex eex leex
elm: elm
emacs lisp: el
erlang: erl hrl
f#: fs fsi fsx
fish: fish
fortran: f f90 f95 f03 f08 for
gdscript: gd
gherkin: feature
gleam: gleam
glsl: glsl vert frag comp geom
go: go
go module: mod work sum
go template: tmpl gotmpl
gradle: gradle
graphql: graphql gql graphqls
groovy: groovy
handlebars: hbs handlebars mustache
haskell: hs lhs cabal
haxe: hx
hcl: hcl tf tfvars
hlsl: hlsl fx
html: html htm xhtml
ini: ini cfg conf properties editorconfig
java: java
javascript: js jsx mjs cjs
jinja: j2 jinja jinja2
json: json jsonc json5 webmanifest geojson har
jsonnet: jsonnet libsonnet
julia: jl
jupyter: ipynb
just: just
kotlin: kt kts
latex: tex sty cls bib
less: less
liquid: liquid
llvm: ll
lua: lua luau
makefile: mk mak make
markdown: md markdown mdx mdc qmd rmd
matlab: m mlx
meson: meson
metal: metal
mojo: mojo
msbuild: csproj vbproj fsproj vcxproj props targets sln slnx nuspec
nim: nim nims
nix: nix
nushell: nu
objective-c++: mm
ocaml: ml mli mll mly
odin: odin
pascal: pas pp dpr
perl: pl pm t
php: php phtml
pkl: pkl
plain text: txt text log
powershell: ps1 psm1 psd1
prisma: prisma
prolog: pro
protobuf: proto
pug: pug jade
purescript: purs
python: py pyi pyw
qml: qml
r: r
racket: rkt
razor: cshtml razor
reason: re rei
rescript: res resi
restructuredtext: rst rest
ruby: rb rake gemspec ru erb podspec
rust: rs
sass: scss sass
scala: scala sc sbt
scheme: scm ss
shell: sh bash zsh ksh bats
slint: slint
smithy: smithy
solidity: sol
sql: sql psql plsql
starlark: star bara sky
stylus: styl
svelte: svelte
svg: svg
swift: swift
tcl: tcl
terraform: tofu
thrift: thrift
toml: toml
twig: twig
typescript: ts tsx mts cts
v: v vsh
vala: vala vapi
vb: vb vbs
verilog: sv svh
vhdl: vhd vhdl
vim script: vim
vue: vue
webassembly: wat wast
wgsl: wgsl
wit: wit
xaml: xaml axaml
xml: xml xsd xsl xslt plist resx xliff xlf storyboard xib
yaml: yaml yml
zig: zig zon
"""

# Whole names, in lower case.
_NAMES = """
bazel: build workspace module.bazel .bazelrc
c: .clang-format .clang-tidy
cmake: cmakelists.txt
dockerfile: dockerfile containerfile
go module: go.mod go.sum go.work
groovy: jenkinsfile
ignore list: .gitignore .dockerignore .npmignore .eslintignore .prettierignore .gitattributes codeowners
ini: .editorconfig .gitconfig .gitmodules .npmrc .pylintrc .flake8 .coveragerc .env
json: .babelrc .eslintrc .prettierrc .swcrc composer.lock pipfile.lock
just: justfile
makefile: makefile gnumakefile
meson: meson.build meson_options.txt
nix: flake.lock
plain text: license notice authors copying codeowners version
python: sconstruct sconscript
ruby: gemfile rakefile podfile vagrantfile fastfile brewfile dangerfile
shell: .bashrc .zshrc .profile .bash_profile configure
starlark: tiltfile
toml: cargo.lock poetry.lock uv.lock pdm.lock pipfile
vim script: .vimrc
yaml: pnpm-lock.yaml .clang-format .clang-tidy
yarn lock: yarn.lock
"""


def _read_table(table: str) -> dict[str, str]:
    rows = (line.split(": ") for line in table.strip().splitlines())
    return {word: language for language, words in rows for word in words.split()}


LANGUAGE_OF_EXTENSION = _read_table(_EXTENSIONS)
LANGUAGE_OF_NAME = _read_table(_NAMES)


@lru_cache(maxsize=256)  # asked many times of one path before the next
def language_of(path: str) -> str | None:
    """The language or format of a path in lower case, or None when the name does not tell."""
    name = path.rpartition("/")[2].lower()
    known = LANGUAGE_OF_NAME.get(name)
    if known is not None:
        return known
    if name.startswith(("dockerfile.", "containerfile.")):
        return "dockerfile"
    if name.startswith("makefile."):
        return "makefile"
    stem, dot, extension = name.rpartition(".")
    return LANGUAGE_OF_EXTENSION.get(extension) if dot and (stem or extension) else None
