using Actors.Client.Tests.Pools;
using Actors.Messages;
using Actors.Messages.Pools;
using Actors.Pools;
using Actors.Runtime;
using Actors.Testing;
using Akka.Actor;
using Akka.TestKit;

namespace Actors.Client.Tests.Logging;

/// <summary>
/// The lines that a client writes when its coordinator is lost and when it has found another. The test plays the coordinators.
/// </summary>
[Collection(RunsAlone.Name)]
public sealed class ConnectionLogTests : PatientTestKit
{
    [Fact]
    public async Task Pools_CoordinatorLostAndReconnected_LogEachOnce()
    {
        var error = Console.Error;
        using var said = new StringWriter();
        Console.SetError(said);
        try
        {
            using var next = ActorSystem.Create("next");
            var (first, second) = (CreateTestProbe(), CreateTestProbe());
            var coordinator = new CoordinatorConnection((_, _, _) => Task.FromResult<IClientRuntime>(new FakeRuntime(next, second)));
            await OpenAsync(first, coordinator);
            await OpenAsync(first, coordinator);

            Sys.Stop(first);

            for (var i = 0; i < 2; i++)
                Open(second);
            await AwaitConditionAsync(() => Task.FromResult(said.ToString().Contains("reconnected", StringComparison.Ordinal)));
            await next.Terminate();
        }
        finally
        {
            Console.SetError(error);
        }

        Assert.Single(LinesWith(said, "coordinator lost; reconnecting for 7 s"));
        Assert.Single(LinesWith(said, "reconnected"));
    }

    private static IEnumerable<string> LinesWith(StringWriter said, string text) =>
        said.ToString().Split('\n').Where(line => line.Contains(text, StringComparison.Ordinal));

    private async Task OpenAsync(TestProbe coordinator, CoordinatorConnection reconnect)
    {
        var options = new PoolOptions { ReconnectFor = TimeSpan.FromSeconds(7) };
        var opening = PoolSession.OpenAsync(
            new FakeRuntime(Sys, coordinator), ProcessPool.CreateSpec(1, BundleId.ThisProcess, options), options,
            reconnect, CancellationToken.None);
        Open(coordinator);
        await opening;
    }

    private static void Open(TestProbe coordinator)
    {
        var open = coordinator.ExpectMsg<PoolProtocol.OpenPool>();
        coordinator.LastSender.Tell(new PoolProtocol.PoolOpened(open.Pool, default, IsClosed: false), coordinator);
    }
}
