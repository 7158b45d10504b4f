using System.Collections.Immutable;
using Actors.Messages.Storage;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Sql.Journal;
using Microsoft.Data.Sqlite;

namespace Actors.Durability;

/// <summary>
/// A journal in a SQLite file. It confirms a write only if a file can be created in the same directory afterwards. While ext4 aborts,
/// because of an error of its device or a loss of power, <c>fdatasync</c> may report success for a write that made a file larger and is
/// lost. From that moment on, ext4 creates no file. The new file is empty, and nothing waits for the disk.
/// </summary>
internal sealed class SqliteJournal(Config settings) : SqlWriteJournal(settings)
{
    private readonly string _path = new SqliteConnectionStringBuilder(settings.GetString("connection-string")).DataSource;

    /// <summary>Deletes files that a killed program has left.</summary>
    /// <param name="path">The path of the SQLite file.</param>
    public static void DeleteOldChecks(string path)
    {
        foreach (var check in Directory.EnumerateFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path) + "-check-*"))
            File.Delete(check);
    }

    /// <inheritdoc/>
    protected override async Task<IImmutableList<Exception>> WriteMessagesAsync(
        IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        var refusals = await WriteUnlessLockedAsync(messages, cancellationToken).ConfigureAwait(false);
        // Several programs may write to the file, and each write needs a file of its own.
        var check = $"{_path}-check-{Guid.NewGuid():N}";
        PrivateFile.Create(check, bufferSize: 0).Dispose();
        File.Delete(check);
        return refusals;
    }

    private async Task<IImmutableList<Exception>> WriteUnlessLockedAsync(
        IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        try
        {
            return await base.WriteMessagesAsync(messages, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception.GetBaseException() is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_BUSY })
        {
            // Without the cause: the innermost message is reported.
            throw new DurableStoreException(
                $"another program has locked the SQLite file {_path} for {SqliteStore.BusySeconds} s. A program that is stopped in the "
                + "middle of a write keeps the file locked until it continues or ends: continue or kill it. Several coordinators should "
                + "use PostgreSQL.");
        }
    }
}
