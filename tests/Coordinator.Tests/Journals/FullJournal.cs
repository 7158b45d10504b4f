using System.Collections.Immutable;
using Actors.Messages.Pools;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace Actors.Coordinator.Tests.Journals;

/// <summary>A journal that refuses outcomes, records without jobs, and every session of a pool but the first.</summary>
internal sealed class FullJournal : MemoryJournal
{
    /// <summary>Creates the settings of the plugin below a path.</summary>
    public static Config At(string path) => ConfigurationFactory.ParseString(
        $"{path} {{ class = \"{typeof(FullJournal).AssemblyQualifiedName}\"\n plugin-dispatcher = akka.actor.default-dispatcher }}");

    protected override Task<IImmutableList<Exception>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages,
        CancellationToken cancellationToken)
    {
        var all = messages.ToList();
        return all.SelectMany(write => (IImmutableList<IPersistentRepresentation>)write.Payload)
            .Any(written => written.Payload is PoolRecord { Ended.Length: > 0 } or PoolRecord { Opened: null, Accepted.Length: 0 }
                or PoolRecord { Sessions: [{ Range: > 0 }] })
            ? Task.FromException<IImmutableList<Exception>>(new IOException("The disk is full."))
            : base.WriteMessagesAsync(all, cancellationToken);
    }
}
