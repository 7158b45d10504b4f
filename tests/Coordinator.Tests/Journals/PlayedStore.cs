using Akka.Actor;
using Akka.Configuration;

namespace Actors.Coordinator.Tests.Journals;

/// <summary>A snapshot store that the test controls: it forwards requests to the test, which answers them.</summary>
internal sealed class PlayedStore : ReceiveActor
{
    public PlayedStore(Config config)
    {
        var test = Context.ActorSelection(config.GetString("played-by"));
        ReceiveAny(message => test.Tell(message, Sender));
    }

    /// <summary>Creates the settings of the plugin below a path.</summary>
    public static Config At(string path, IActorRef test) => ConfigurationFactory.ParseString($$"""
        {{path}} {
          class = "{{typeof(PlayedStore).AssemblyQualifiedName}}"
          plugin-dispatcher = "akka.actor.default-dispatcher"
          played-by = "{{test.Path.ToStringWithoutAddress()}}"
        }
        """);
}
