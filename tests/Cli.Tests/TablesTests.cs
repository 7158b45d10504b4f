using Actors.Cli.Output;
using Spectre.Console;

namespace Actors.Cli.Tests;

/// <summary><see cref="Tables"/>.</summary>
public sealed class TablesTests
{
    /// <summary>Clients choose the names of pools and queues, and nodes their own.</summary>
    [Fact]
    public void CreateTable_NameWithControlCharacters_DoesNotControlTheTerminal()
    {
        var table = Tables.CreateTable(["name"], [["a\u001b[31mb\u0007c\u009b2Jd\re"]]);
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(text),
        });

        console.Write(table);

        Assert.Contains("b c 2Jd e", text.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(text.ToString().Replace(Environment.NewLine, "", StringComparison.Ordinal), char.IsControl);
    }
}
