using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Actors.Cli.Output;

/// <summary>
/// Writes the help with the name of the tool. The parser takes the name of a program from its file, <c>Actors.Cli.dll</c>, but users type
/// another one.
/// </summary>
/// <param name="help">Writes the help.</param>
/// <param name="name">The name of the tool.</param>
internal sealed class NamedHelp(HelpAction help, string name) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <summary>Changes the help of a command and all its subcommands.</summary>
    public static void ApplyTo(RootCommand root, string name)
    {
        foreach (var option in root.Options.OfType<HelpOption>())
            option.Action = new NamedHelp((HelpAction)option.Action!, name);
    }

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var configuration = parseResult.InvocationConfiguration;
        var output = configuration.Output;
        using var text = new StringWriter();
        configuration.Output = text;
        try
        {
            return help.Invoke(parseResult);
        }
        finally
        {
            configuration.Output = output;
            output.Write(text.ToString().Replace(RootCommand.ExecutableName, name, StringComparison.Ordinal));
        }
    }
}
