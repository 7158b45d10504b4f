using System.CommandLine;

namespace Actors.Cli.Output;

/// <summary>The command <c>completion</c>: scripts that make a shell complete the commands and options of the tool.</summary>
internal sealed class CompletionCommand
{
    /// <summary>
    /// The scripts. Each asks the tool for suggestions, with the directive <c>[suggest:POSITION]</c> and the command line after the name of
    /// the tool. That of bash runs in version 3.2 too, which macOS has.
    /// </summary>
    private static readonly Dictionary<string, string> Scripts = new()
    {
        ["bash"] = """
            _actors() {
              local line="${COMP_LINE:0:COMP_POINT}" word
              local rest="${line#* }"
              COMPREPLY=()
              while IFS= read -r word; do
                COMPREPLY+=("$word")
              done < <(actors "[suggest:${#rest}]" "$rest" 2>/dev/null)
            }
            complete -o default -F _actors actors
            """,
        ["zsh"] = """
            _actors() {
              local rest="${BUFFER[1,CURSOR]#* }"
              local -a found
              found=("${(@f)$(actors "[suggest:${#rest}]" "$rest" 2>/dev/null)}")
              compadd -- $found || _files
            }
            compdef _actors actors
            """,
        ["fish"] = """
            function __actors_complete
              set -l rest (string replace -r '^\S+ ' '' -- (commandline -cp))
              actors "[suggest:"(string length -- "$rest")"]" "$rest" 2>/dev/null
            end
            complete -c actors -a '(__actors_complete)'
            """,
        ["pwsh"] = """
            Register-ArgumentCompleter -Native -CommandName actors -ScriptBlock {
              param($word, $ast, $position)
              $line = "$ast".PadRight($position).Substring(0, $position)
              $rest = $line -replace '^\S+ ', ''
              actors "[suggest:$($rest.Length)]" "$rest" | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
              }
            }
            """,
    };

    private readonly Argument<string> _shell = new("shell") { Description = "The shell: bash, zsh, fish or pwsh." };

    /// <summary>Creates the command.</summary>
    public Command CreateCommand()
    {
        _shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        var command = new Command(
            "completion",
            "Writes a script that makes a shell complete commands and options, for its start file. For bash: "
                + "actors completion bash >> ~/.bashrc")
        {
            _shell,
        };
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.WriteLine(Scripts[parsed.GetValue(_shell)!]));
        return command;
    }
}
