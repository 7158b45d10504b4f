using Actors.Remoting.Transport;
using Spectre.Console;

namespace Actors.Cli.Output;

/// <summary>Tables for people.</summary>
internal static class Tables
{
    /// <summary>Creates a table of plain text. Names come from clients and nodes, and must not control the terminal.</summary>
    /// <param name="columns">The titles.</param>
    /// <param name="rows">The cells of each row.</param>
    public static Table CreateTable(IEnumerable<string> columns, IEnumerable<IEnumerable<string>> rows)
    {
        var table = new Table().RoundedBorder();
        foreach (var column in columns)
            table.AddColumn(new TableColumn(column.EscapeMarkup()));
        foreach (var row in rows)
            table.AddRow([.. row.Select(cell => new Text(PrintableText.FromText(cell)))]);
        return table;
    }
}
