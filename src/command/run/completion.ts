import type { CommonFlags, Invocation } from "../shared/invocation.ts";

/**
 * Scripts that ask `rxephys complete` for every word: no line is evaluated, and
 * they need nothing beside the shell. Names of files come from the shell.
 */
const SCRIPTS: Readonly<Record<string, string>> = {
  bash: `# bash completion of rxephys
_rxephys() {
  local line current=\${COMP_WORDS[COMP_CWORD]}
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :files ]]; then
      compopt -o filenames 2>/dev/null
      while IFS= read -r line; do
        COMPREPLY+=("$line")
      done < <(compgen -f -- "$current")
    else
      COMPREPLY+=("\${line%%$'\\t'*}")
    fi
  done < <(rxephys complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _rxephys rxephys`,
  zsh: `#compdef rxephys
# zsh completion of rxephys
_rxephys() {
  local line files=
  local -a found
  for line in "\${(@f)$(rxephys complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    if [[ $line == :files ]]; then
      files=1
    elif [[ -n $line ]]; then
      found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
    fi
  done
  (( $#found )) && _describe rxephys found
  [[ -n $files ]] && _files
}
if [[ $funcstack[1] == _rxephys ]]; then _rxephys "$@"; else compdef _rxephys rxephys; fi`,
  fish: `# fish completion of rxephys
function __rxephys
  set -l words (commandline -opc) (commandline -ct)
  for line in (rxephys complete -- $words[2..] 2>/dev/null)
    if test "$line" = :files
      __fish_complete_path (commandline -ct | string unescape)
    else
      echo $line
    end
  end
end
complete -c rxephys -f -a '(__rxephys)'`,
};

/** `rxephys completion`: the script that a shell reads. */
export function completion(
  { print }: Invocation,
  _: CommonFlags,
  [shell = ""]: readonly string[],
): Promise<void> {
  print(SCRIPTS[shell] ?? "", null);
  return Promise.resolve();
}
