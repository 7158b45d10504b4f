using Akka.Configuration;

namespace Actors;

/// <summary>
/// The store of durable pools: <c>SqliteStore</c> or <c>PostgresStore</c> of the package <c>Actors.Durability</c>. Immutable. Its text
/// contains no password.
/// </summary>
public abstract class DurableStore
{
    internal DurableStore()
    {
    }

    /// <summary>Describes the store without its password. Two stores with the same text are the same store.</summary>
    public abstract override string ToString();

    /// <summary>Creates the settings of the plugins <c>journal</c> and <c>snapshots</c>, below a path.</summary>
    internal abstract Config CreatePluginSettings(string path);

    /// <summary>Creates settings whose journal can be made slow and failing, for programs that permit chaos.</summary>
    internal Config CreateFaultyPluginSettings(string path) =>
        ConfigurationFactory.ParseString($"{path}.journal.class = \"Actors.Durability.FaultyJournal, Actors.Durability\"")
            .WithFallback(CreatePluginSettings(path));

    /// <summary>Creates missing tables, and checks that the store is writable and that its writes survive a power failure.</summary>
    /// <exception cref="DurableStoreException">The store is not writable or not reliable.</exception>
    internal abstract void PrepareStore();

    /// <summary>Measures the bytes of the stored records and snapshots, approximately.</summary>
    /// <exception cref="DurableStoreException">The store cannot be read.</exception>
    internal abstract long MeasureSize();
}

/// <summary>
/// Thrown when the store cannot be used: it is unreachable, full, not reliable, or written by a later version. Accepted jobs are not lost.
/// </summary>
public sealed class DurableStoreException(string message, Exception? inner = null) : Exception(message, inner);
