using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace Actors.Coordinator.Tests.Journals;

/// <summary>A journal that is not read until the test permits it.</summary>
internal sealed class HeldJournal : MemoryJournal
{
    private static readonly ConditionalWeakTable<ActorSystem, TaskCompletionSource> Gates = [];

    private readonly Task _isReadable = GateOf(Context.System).Task;

    /// <summary>Creates the settings of the plugin below a path.</summary>
    public static Config At(string path) => ConfigurationFactory.ParseString(
        $"{path} {{ class = \"{typeof(HeldJournal).AssemblyQualifiedName}\"\n plugin-dispatcher = akka.actor.default-dispatcher }}");

    /// <summary>Permits to read the journals of an actor system.</summary>
    public static void Release(ActorSystem system) => GateOf(system).SetResult();

    public override async Task<long> ReadHighestSequenceNrAsync(
        string persistenceId, long fromSequenceNr, CancellationToken cancellationToken)
    {
        await _isReadable.WaitAsync(cancellationToken);
        return await base.ReadHighestSequenceNrAsync(persistenceId, fromSequenceNr, cancellationToken);
    }

    private static TaskCompletionSource GateOf(ActorSystem system) => Gates.GetValue(
        system, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
