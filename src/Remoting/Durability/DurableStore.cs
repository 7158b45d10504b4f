using System.Data.Common;

namespace Actors;

/// <summary>
/// The store of durable pools and queues: <c>SqliteStore</c> or <c>PostgresStore</c> of the package <c>Actors.Durability</c>, or a class of
/// your own, which names a journal plugin and a snapshot plugin of Akka.Persistence. A derived class must be immutable and thread-safe.
/// Python has no counterpart.
/// </summary>
/// <remarks>
/// The journal plugin must refuse a second record with the same persistence id and sequence number, and confirm a write only when it
/// survives a power failure. The plugins must serialize records and snapshots with the serializers of the actor system.
/// </remarks>
public abstract class DurableStore
{
    /// <summary>Creates the store. Nothing is opened yet.</summary>
    protected DurableStore()
    {
    }

    /// <summary>
    /// Describes the store without its password, such as "the SQLite file /data/jobs.db". Two stores with the same text are the same store.
    /// The text is part of messages and log events.
    /// </summary>
    public abstract override string ToString();

    /// <summary>
    /// Creates missing tables, and checks that the store is writable and that its writes survive a power failure. Called before a program
    /// uses the store for the first time. Several programs may call it at the same time.
    /// </summary>
    /// <exception cref="DurableStoreException">The store is not writable or not reliable. The message states the remedy.</exception>
    public abstract void PrepareStore();

    /// <summary>
    /// Measures the stored records and snapshots, in bytes, approximately. A coordinator calls it at intervals: while the size exceeds the
    /// coordinator's limit, its durable pools and queues accept nothing. The size must shrink when records are deleted. Return 0 if the
    /// store needs no limit.
    /// </summary>
    /// <exception cref="DurableStoreException">The store cannot be read.</exception>
    public abstract long MeasureSize();

    /// <summary>
    /// Creates the settings of the journal plugin as HOCON, the format of Akka.NET, with at least <c>class</c>: the plugin's class and its
    /// assembly. Include the plugin's own defaults if the plugin does not add them. The library adds the settings of
    /// <c>config/store.conf</c>, which take precedence, and chooses the path of the plugin. The text may contain a password: it is written
    /// nowhere.
    /// </summary>
    protected internal abstract string CreateJournalSettings();

    /// <summary>Creates the settings of the snapshot plugin as HOCON, like <see cref="CreateJournalSettings"/>.</summary>
    protected internal abstract string CreateSnapshotSettings();

    /// <summary>
    /// Gets whether a write failed because the journal has a record with the same persistence id and sequence number already. This program
    /// has then lost the pool or queue to another one, and does not open it again. Default: whether the exception has an SQL state of class
    /// 23, the violation of a constraint.
    /// </summary>
    /// <param name="reason">The innermost exception of the failed write.</param>
    protected internal virtual bool IsDuplicateRecord(Exception reason) =>
        reason is DbException { SqlState: { } state } && state.StartsWith("23", StringComparison.Ordinal);

    /// <summary>Quotes a text for a setting, such as a connection string.</summary>
    /// <returns>The text in quotation marks, with the escapes of HOCON.</returns>
    protected static string QuoteText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }
}

/// <summary>
/// Thrown when the store cannot be used: it is unreachable, full, not reliable, or written by a later version. Accepted jobs are not lost.
/// </summary>
public sealed class DurableStoreException(string message, Exception? inner = null) : Exception(message, inner);
