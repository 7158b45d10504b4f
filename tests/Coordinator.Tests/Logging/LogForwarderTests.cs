using Actors.Programs.Hosting;
using Actors.Testing;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Event;
using Microsoft.Extensions.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Actors.Coordinator.Tests.Logging;

public sealed class LogForwarderTests
{
    [Fact]
    public async Task Log_OfAnActorSystem_IsForwarded()
    {
        var log = new RecordedLog();
        var system = StartSystem(log);

        system.Log.Warning("It is {0}.", "slow");

        await log.First.WaitAsync(TimeSpan.FromSeconds(30));
        var (level, id, text) = Assert.Single(log.Events);
        Assert.Equal((LogLevel.Warning, 2), (level, id));
        Assert.EndsWith(": It is slow.", text, StringComparison.Ordinal);
        await system.Terminate();
    }

    private static ActorSystem StartSystem(ILoggerFactory loggers) => ActorSystem.Create(
        "forwarded", BootstrapSetup.Create().WithConfig(LogForwarder.Config.WithFallback("akka.stdout-loglevel = OFF"))
            .And(new HostLog(loggers)));
}
