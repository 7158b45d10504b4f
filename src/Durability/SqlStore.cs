using System.Data.Common;
using System.Globalization;
using Actors.Remoting;
using Akka.Configuration;

namespace Actors.Durability;

/// <summary>The common parts of the stores: plugins, tables and their version.</summary>
internal static class SqlStore
{
    /// <summary>The version of the tables and records.</summary>
    private const int Version = 1;

    /// <summary>Creates the settings of the plugins below a path, including those of a file.</summary>
    public static Config CreateConfig(string path, Type journal, string file, string connection) => ConfigurationFactory.ParseString($$"""
        {{path}} {
          journal {
            class = "{{journal.FullName}}, {{journal.Assembly.GetName().Name}}"
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

    /// <summary>Refuses a store that a newer version has written. Changes nothing.</summary>
    /// <param name="connection">An open connection to the store.</param>
    /// <param name="store">The store, for the message.</param>
    /// <param name="hasForm">A query that returns NULL if the version table does not exist.</param>
    public static void RefuseNewerVersion(DbConnection connection, DurableStore store, string hasForm)
    {
        if (ReadScalar(connection, hasForm) is null or DBNull)
            return;
        if (ReadScalar(connection, "SELECT MAX(version) FROM actors_store") is not (null or DBNull) and var version
            && Convert.ToInt64(version, CultureInfo.InvariantCulture) is > Version and var newer)
        {
            throw new DurableStoreException(
                $"{store} was written by a newer version of Actors: it has format {newer}, and this program supports {Version}. "
                + "Nothing was changed. Use the newer version.");
        }
    }

    /// <summary>Creates missing tables and records their version.</summary>
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
#pragma warning disable CA2100 // All SQL texts are constants of this library.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }

    public static void ExecuteCommand(DbConnection connection, string sql) => ReadScalar(connection, sql);

    private static string FormatSettings(string file, string connection) =>
        $"connection-string = {QuoteText(connection)}\n{RoleConfiguration.ReadText("store.conf")}\n{RoleConfiguration.ReadText(file)}\n";

    private static string QuoteText(string text)
    {
        var escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        return $"\"{escaped}\"";
    }
}
