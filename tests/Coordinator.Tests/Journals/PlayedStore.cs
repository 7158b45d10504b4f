using Akka.Actor;
using Akka.Configuration;

namespace Actors.Coordinator.Tests.Journals;

/// <summary>A store of snapshots that a test plays: it gets what is asked of it, and answers when it likes.</summary>
internal sealed class PlayedStore : ReceiveActor
{
    public PlayedStore(Config config)
    {
        var test = Context.ActorSelection(config.GetString("played-by"));
        ReceiveAny(message => test.Tell(message, Sender));
    }

    /// <summary>The settings of one, below a path.</summary>
    public static Config At(string path, IActorRef test) => ConfigurationFactory.ParseString($$"""
        {{path}} {
          class = "{{typeof(PlayedStore).AssemblyQualifiedName}}"
          plugin-dispatcher = "akka.actor.default-dispatcher"
          played-by = "{{test.Path.ToStringWithoutAddress()}}"
        }
        """);
}
