using System.Data.Common;
using System.Globalization;
using Actors.Remoting;
using Akka.Configuration;

namespace Actors.Durability;

/// <summary>What the stores have in common: the plugins, the tables and their version.</summary>
internal static class SqlStore
{
    /// <summary>Of the form in which records are written.</summary>
    private const int Version = 1;

    /// <summary>The plugins' settings, those of a file among them, below a path.</summary>
    public static Config CreateConfig(string path, string file, string connection) => ConfigurationFactory.ParseString($$"""
        {{path}} {
          journal {
            class = "Akka.Persistence.Sql.Journal.SqlWriteJournal, Akka.Persistence.Sql"
            plugin-id = "{{path}}.journal"
            {{FormatSettings(file, connection)}}
          }
          snapshots {
            class = "Akka.Persistence.Sql.Snapshot.SqlSnapshotStore, Akka.Persistence.Sql"
            plugin-id = "{{path}}.snapshots"
            {{FormatSettings(file, connection)}}
          }
        }
        """);

    /// <summary>Refuses a store that a later version has written; reads, and changes nothing.</summary>
    /// <param name="connection">To it.</param>
    /// <param name="store">Which.</param>
    /// <param name="hasForm">Asks whether there is the table that says its form: null when there is none.</param>
    public static void RefuseNewerVersion(DbConnection connection, DurableStore store, string hasForm)
    {
        if (ReadScalar(connection, hasForm) is null or DBNull)
            return;
        if (ReadScalar(connection, "SELECT MAX(version) FROM actors_store") is not (null or DBNull) and var form && Convert.ToInt64(form, CultureInfo.InvariantCulture) is > Version and var later)
            throw new DurableStoreException($"{store} was written by a later version of Actors: it has form {later}, this program knows {Version}. Nothing was changed.");
    }

    /// <summary>Makes the tables that are not there, and notes their form.</summary>
    public static void CreateTables(DbConnection connection, string file)
    {
        using var text = new StreamReader(typeof(SqlStore).Assembly.GetManifestResourceStream(file)!);
        ExecuteCommand(connection, text.ReadToEnd());
        ExecuteCommand(connection, "CREATE TABLE IF NOT EXISTS actors_store (version INTEGER NOT NULL)");
        ExecuteCommand(connection, $"INSERT INTO actors_store (version) SELECT {Version} WHERE NOT EXISTS (SELECT 1 FROM actors_store)");
    }

    public static object? ReadScalar(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Every text is a constant of this library.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }

    public static void ExecuteCommand(DbConnection connection, string sql) => ReadScalar(connection, sql);

    private static string FormatSettings(string file, string connection) =>
        $"connection-string = {QuoteText(connection)}\n{RoleConfiguration.ReadText("store.conf")}\n{RoleConfiguration.ReadText(file)}\n";

    private static string QuoteText(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
