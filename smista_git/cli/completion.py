"""``git smista completion``: the script that lets the shell finish words, ``git smista <TAB>`` included."""

from __future__ import annotations

import click

# All three ask the program in click's fish dialect, because it takes the words up to the cursor as one line: what bash
# and zsh make of quotes, of "=" and of ":" inside a word does not matter then. A reply is "kind,value<TAB>help".
BASH = r"""# bash completion for git smista, git-smista and smista
_smista_reply() { # $1: the line up to the cursor, the program's name first; $2: the word at the cursor
    local kind value before=
    # bash replaces only what follows the last colon of a word
    if [[ $2 == *:* && $COMP_WORDBREAKS == *:* ]]; then before=${2#--*=} before=${before%"${before##*:}"}; fi
    COMPREPLY=()
    compopt +o nospace -o nosort 2>/dev/null
    while IFS=, read -r kind value; do
        case $kind in
            plain) value=${value%%$'\t'*} COMPREPLY+=("${value#"$before"}") ;;
            dir) compopt -o dirnames 2>/dev/null ;;
            file) compopt -o default 2>/dev/null ;;
        esac
    done < <(env COMP_WORDS="$1" COMP_CWORD="$2" _GIT_SMISTA_COMPLETE=fish_complete git-smista 2>/dev/null)
}
_smista() {
    local line=${COMP_LINE:0:COMP_POINT}
    _smista_reply "$line" "${line##*[[:space:]]}"
}
_git_smista() { # called by git's own completion, which has joined the words that bash takes apart
    local at=${__git_cmd_idx:-0} line
    if ((at == 0)); then
        while ((at < cword)) && [[ ${words[at]} != smista ]]; do at=$((at + 1)); done
    fi
    line="git-smista ${words[*]:at+1:cword-at-1}"
    _smista_reply "${line% } $cur" "$cur"
}
_smista_for_git() { # where git's own completion is not loaded
    local line=${COMP_LINE:0:COMP_POINT} commands
    local loader=$(declare -F _comp_load || declare -F _completion_loader)
    if [[ -n $loader ]]; then # bash-completion has come since: let it load git's own, and have bash ask that
        complete -r git
        "$loader" git
        return 124
    fi
    if [[ $line =~ ^[^[:space:]]+[[:space:]]+([^[:space:]]*)$ ]]; then
        commands=$(git --list-cmds=list-mainporcelain,others,alias 2>/dev/null)
        COMPREPLY=($(compgen -W "$commands smista" -- "${BASH_REMATCH[1]}"))
    elif [[ $line =~ [[:space:]]smista([[:space:]].*)$ ]]; then
        _smista_reply "git-smista${BASH_REMATCH[1]}" "${line##*[[:space:]]}"
    fi
}
complete -F _smista git-smista smista
complete -p git >/dev/null 2>&1 || complete -p -D >/dev/null 2>&1 ||
    complete -o bashdefault -o default -F _smista_for_git git
"""
ZSH = r"""#compdef git-smista smista
#description sort the work around a commit to the right model
_git-smista() {
    emulate -L zsh
    eval "$_comp_setup" # what _describe relies on
    local -a shown
    local line kind value help
    local -i at=${words[(i)(*/|)(git-|)smista]}
    (( at >= CURRENT )) && at=1
    local asked="git-smista ${words[at+1,CURRENT-1]} $PREFIX"
    for line in "${(@f)$(env COMP_WORDS="$asked" COMP_CWORD="$PREFIX" _GIT_SMISTA_COMPLETE=fish_complete \
        git-smista 2>/dev/null)}"; do
        kind=${line%%,*} value=${${line#*,}%%$'\t'*} help=${${line#*,}#*$'\t'}
        case $kind in
            plain) shown+=("${value//:/\\:}${${help:#$value}:+:$help}") ;;
            dir) _files -/ ;;
            file) _files ;;
        esac
    done
    [[ $PREFIX == --*=* ]] && compset -P 1 '*='
    (( $#shown )) && _describe -V smista shown
}
_git_smista() { _git-smista }
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _git-smista
else
    (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
    compdef _git-smista git-smista smista
    () {
        local -a known
        zstyle -g known ':completion:*:*:git:*' user-commands
        zstyle ':completion:*:*:git:*' user-commands "${(@)known:#smista:*}" \
            'smista:sort the work around a commit to the right model'
    }
fi
"""
FISH = r"""# fish completion for git smista, git-smista and smista
function __smista_at # prints where the command stands in the line: 1, or behind git and git's own options
    set -l words (commandline -opc)
    set -l at 1
    if string match -qr '(^|/)git$' -- $words[1]
        set at 2
        while string match -q -- '-*' $words[$at]
            contains -- $words[$at] -C -c --git-dir --work-tree --namespace; and set at (math $at + 1)
            set at (math $at + 1)
        end
    end
    echo $at
end
function __smista_in_git
    set -l words (commandline -opc)
    set -l at (__smista_at)
    test "$words[$at]" = smista
end
function __smista_named_next
    set -l words (commandline -opc)
    test (__smista_at) -gt (count $words)
end
function __smista_complete
    set -l word (commandline -ct)
    set -l words (commandline -opc)
    set -l before (string escape -- $words[(math (__smista_at) + 1)..-1])
    set -l prefix (string match -r -- '^--[^=]*=' $word)
    for line in (env COMP_WORDS="git-smista $before $word" COMP_CWORD="$word" _GIT_SMISTA_COMPLETE=fish_complete \
            git-smista 2>/dev/null)
        set -l reply (string split -m 1 , -- $line)
        switch $reply[1]
            case plain
                echo "$prefix$reply[2]"
            case dir
                __fish_complete_directories $word
            case file
                __fish_complete_path $word
        end
    end
end
complete -c git-smista -f -a '(__smista_complete)'
complete -c smista -f -a '(__smista_complete)'
complete -c git -n __smista_in_git -f -a '(__smista_complete)'
complete -c git -n __smista_named_next -f -a smista -d 'sort the work around a commit to the right model'
"""
SCRIPTS = {"bash": BASH, "zsh": ZSH, "fish": FISH}


@click.command(name="completion")
@click.argument("shell", type=click.Choice(list(SCRIPTS)))
def command(shell: str) -> None:
    """Print the completion script for SHELL.

    \b
    bash:  git smista completion bash >> ~/.bashrc
    zsh:   git smista completion zsh >> ~/.zshrc
    fish:  git smista completion fish > ~/.config/fish/conf.d/git-smista.fish
    """
    click.echo(SCRIPTS[shell], nl=False)
