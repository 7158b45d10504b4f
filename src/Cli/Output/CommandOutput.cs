using System.CommandLine;
using Actors.Programs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Actors.Cli.Output;

/// <summary>Where a command writes its answer: text for people, or JSON for programs.</summary>
/// <param name="parsed">The command line.</param>
internal sealed class CommandOutput(ParseResult parsed)
{
    /// <summary>The width of tables in a file or a pipe, in columns. Narrower tables break cells into several lines.</summary>
    private const int WidthOfFile = 240;

    /// <summary>Whether the answer is JSON.</summary>
    public bool IsJson => parsed.GetValue(JsonAnswer.Option);

    /// <summary>Receives the answer.</summary>
    public TextWriter Answer => parsed.InvocationConfiguration.Output;

    /// <summary>Receives errors.</summary>
    public TextWriter Errors => parsed.InvocationConfiguration.Error;

    /// <summary>Writes an answer.</summary>
    /// <param name="json">The answer for programs.</param>
    /// <param name="createView">Creates the answer for people.</param>
    public void Write<T>(T json, Func<T, IRenderable> createView)
    {
        if (IsJson)
            JsonAnswer.WriteTo(Answer, json);
        else
            CreateConsole().Write(createView(json));
    }

    /// <summary>Writes an answer of one line.</summary>
    /// <param name="json">The answer for programs.</param>
    /// <param name="line">The answer for people.</param>
    public void WriteLine<T>(T json, string line)
    {
        if (IsJson)
            JsonAnswer.WriteTo(Answer, json);
        else
            Answer.WriteLine(line);
    }

    /// <summary>Creates a console for the answer. Colors and live views need a terminal.</summary>
    public IAnsiConsole CreateConsole()
    {
        if (Answer == Console.Out && !Console.IsOutputRedirected)
            return AnsiConsole.Console;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(Answer),
        });
        console.Profile.Width = WidthOfFile;
        return console;
    }
}
