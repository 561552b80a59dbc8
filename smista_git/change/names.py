"""The names that give a file away: a table to read and to add to. All names are in lower case."""

from __future__ import annotations

from smista_git.change.pattern import regex


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


LOCK_ENDINGS = (".lock", ".lockfile", "-lock.json", "-lock.yaml", "-lock.yml")
# Those whose ending does not say it.
LOCKFILES = _words(
    """
    npm-shrinkwrap.json bun.lockb go.sum go.work.sum package.resolved cartfile.resolved packages.lock.json
    project.assets.json cabal.project.freeze .terraform.lock.hcl maven_install.json
    """
)
MANIFESTS = _words(
    """
    package.json cargo.toml pipfile gemfile go.mod go.work composer.json mix.exs pubspec.yaml pom.xml podfile
    build.gradle build.gradle.kts settings.gradle settings.gradle.kts libs.versions.toml setup.py setup.cfg
    pyproject.toml packages.config directory.packages.props directory.build.props package.swift cartfile
    conanfile.txt conanfile.py vcpkg.json environment.yml rebar.config deps.edn project.clj stack.yaml elm.json
    deno.json deno.jsonc chart.yaml flake.nix paket.dependencies shard.yml build.sbt gradle.properties
    pnpm-workspace.yaml lerna.json nx.json turbo.json rush.json bower.json gradle-wrapper.properties
    rust-toolchain rust-toolchain.toml .nvmrc .node-version .python-version .tool-versions mise.toml
    """
)
BUILD_NAMES = _words(
    """
    makefile gnumakefile cmakelists.txt meson.build meson_options.txt build workspace build.bazel workspace.bazel
    module.bazel .bazelrc justfile rakefile gulpfile.js gruntfile.js sconstruct sconscript build.rs build.zig
    configure configure.ac configure.in manifest.in dockerfile containerfile docker-compose.yml
    docker-compose.yaml compose.yaml compose.yml procfile tox.ini noxfile.py taskfile.yml taskfile.yaml
    .goreleaser.yml .goreleaser.yaml cliff.toml .dockerignore .npmignore gradlew gradlew.bat magefile.go
    build.xml cmakepresets.json
    """
)
CI_NAMES = _words(
    """
    .travis.yml .gitlab-ci.yml appveyor.yml .appveyor.yml azure-pipelines.yml .azure-pipelines.yml jenkinsfile .drone.yml
    bitbucket-pipelines.yml .cirrus.yml .cirrus.star cloudbuild.yaml buildkite.yml codecov.yml .codecov.yml
    circle.yml wercker.yml codecov.yaml .coveralls.yml .mergify.yaml cloudbuild.yml
    .woodpecker.yml netlify.toml vercel.json .readthedocs.yml .readthedocs.yaml dependabot.yml renovate.json
    renovate.json5 .renovaterc .mergify.yml .pre-commit-config.yaml .pre-commit-hooks.yaml
    """
)
CI_PREFIXES = (
    ".github/workflows/", ".github/actions/", ".circleci/", ".gitlab/ci", ".buildkite/", ".azure-pipelines/",
    ".woodpecker/", ".teamcity/", ".travis/", "jenkins/", ".ci/", "ci/", ".drone/", ".github/dependabot",
    ".github/renovate", ".github/scripts/", ".github/codecov", ".semaphore/",
)  # fmt: skip
VENDORED_FOLDERS = _words(
    """vendor vendored node_modules third_party third-party thirdparty 3rdparty bower_components _vendor
    external_libs jspm_packages godeps carthage pods"""
)
GENERATED_FOLDERS = _words("dist generated __generated__ __snapshots__ _generated autogen")
GENERATED_NAME = regex(
    r"\.min\.(?:js|css|mjs)$|\.(?:js|css|mjs)\.map$|_pb2(?:_grpc)?\.pyi?$|\.pb(?:\.gw)?\.(?:go|cc|h|swift|dart)$"
    r"|_grpc\.pb\.go$|\.g(?:enerated)?\.(?:dart|cs|ts|go|rs|kt)$|\.freezed\.dart$|\.designer\.cs$|\.snap$"
    r"|_generated\.\w+$|\.gen\.(?:go|ts|rs|js)$|zz_generated.*\.go$|_string\.go$|mock_.*\.go$|\.bundle\.js$"
    r"|\.pbxproj$|-generated\.\w+$|^bindata\.go$|openapi\.gen\.\w+$|\.ambr$|\.snapshot$"
)
TEST_FOLDERS = _words(
    """test tests __tests__ __test__ spec specs e2e testing testdata test-data test_data fixtures __fixtures__
    __mocks__ __snapshots__ cypress playwright integration-tests integration_tests unittests testutil testutils
    testsuite testlib androidtest jvmtest commontest integrationtest functional-tests acceptance
    testfixtures test-fixtures test_fixtures e2e-tests unit-tests unit_tests snapshots"""
)
TEST_NAME = regex(
    r"^test_.*\.\w+$|^tests?\.\w+$|_tests?\.\w+$|_spec\.\w+$|\.(?:test|spec|e2e|cy|test-d)\.\w+$|tests?\.(?:java|kt|cs|"
    r"swift|scala|groovy|php)$|spec\.(?:scala|groovy|kt)$|^conftest\.py$|^(?:jest|vitest|karma|playwright|cypress)"
    r"\.(?:config|setup|conf)\b|^pytest\.ini$|^phpunit\.xml"
)
TEST_FOLDER_NAME = regex(r"(?:[._-]tests?|^tests?[_-].*|tests)$")
DOCS_FOLDERS = _words("docs doc documentation website site man manual wiki guides docs-website")
DOCS_LANGUAGES = frozenset({"markdown", "restructuredtext", "asciidoc"})
DOCS_STEMS = regex(
    r"^(?:readme|contributing|license|licence|copying|authors|contributors|maintainers|notice|security|support|"
    r"code_of_conduct|governance|roadmap|install|upgrading|migration|todo|credits|thanks)(?:[._-]|$)"
)
CHANGELOG_NAME = regex(r"^(?:change[-_]?log|changes|history|news|release[-_]?notes|releases?)(?:\.|$)")
CHANGELOG_FOLDERS = _words("changelogs changelog .changeset .changes changelog.d newsfragments releasenotes")
MIGRATION = regex(r"(?:^|/)(?:db/)?(?:migrations?|migrate|alembic|flyway|liquibase|changesets?)/")
EXAMPLE_FOLDERS = _words("examples example samples sample demo demos playground playgrounds benchmarks bench")
CONFIG_LANGUAGES = frozenset({"yaml", "json", "toml", "ini", "xml", "ignore list", "hcl", "pkl", "jsonnet"})
STYLE_LANGUAGES = frozenset({"css", "sass", "less", "stylus"})
ASSET = regex(
    r"\.(?:png|jpe?g|gif|svg|ico|webp|avif|bmp|woff2?|ttf|otf|eot|mp[34]|wav|ogg|webm|pdf|zip|gz|tgz|jar|bin|exe|dll|"
    r"so|dylib|wasm|psd|ai|heic|icns|parquet|avro|tiff?)$"
)
NOT_SOURCE = DOCS_LANGUAGES | CONFIG_LANGUAGES | {"plain text", "csv", "svg", "diff", "yarn lock"}
BUILD_LANGUAGES = frozenset(
    {"cmake", "makefile", "meson", "gradle", "msbuild", "bazel", "dockerfile", "nix", "just"}
)
