using System.Data.Common;
using System.Globalization;
using Actors.Remoting;
using Actors.Remoting.Durability;
using Akka.Persistence.Sql.Snapshot;

namespace Actors.Durability;

/// <summary>The common parts of the stores: plugins, tables and their version.</summary>
internal static class SqlStore
{
    /// <summary>The version of the tables and records.</summary>
    private const int Version = 1;

    /// <summary>Creates the settings of the journal.</summary>
    /// <param name="journal">The class of the journal.</param>
    /// <param name="file">The file with the settings of the database.</param>
    /// <param name="connection">The quoted connection string.</param>
    public static string CreateJournalSettings(Type journal, string file, string connection) => $"""
        {FormatSettings(journal, file, connection)}
        {StorePlugins.FaultyClassKey} = "{FormatType(typeof(FaultyJournal))}"
        """;

    /// <summary>Creates the settings of the snapshot store.</summary>
    /// <inheritdoc cref="CreateJournalSettings"/>
    public static string CreateSnapshotSettings(string file, string connection) =>
        FormatSettings(typeof(SqlSnapshotStore), file, connection);

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

    private static string FormatSettings(Type plugin, string file, string connection) => $"""
        class = "{FormatType(plugin)}"
        connection-string = {connection}
        {RoleConfiguration.ReadText("sql.conf")}
        {RoleConfiguration.ReadText(file)}
        """;

    private static string FormatType(Type type) => $"{type.FullName}, {type.Assembly.GetName().Name}";
}
