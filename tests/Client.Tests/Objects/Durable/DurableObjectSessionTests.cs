using Actors.Client.Tests.Pools;
using Actors.Objects.Durable;
using Actors.Runtime;
using Actors.Testing;

namespace Actors.Client.Tests.Objects.Durable;

/// <summary>This process at durable objects, at a coordinator that the test plays.</summary>
public sealed class DurableObjectSessionTests : PatientTestKit
{
    [Fact]
    public async Task Dispose_OneOfTwoManagers_KeepsChannelOfOther()
    {
        var runtime = new FakeRuntime(Sys, CreateTestProbe());
        var coordinator = new CoordinatorConnection((_, _) => Task.FromResult<IClientRuntime>(runtime));
        await using var first = new DurableObjectSession(coordinator);
        var way = runtime.Durable.First;
        var second = new DurableObjectSession(coordinator);

        await second.DisposeAsync();
        Assert.NotNull(way);
        Assert.Same(way, runtime.Durable.First);

        await first.DisposeAsync();
        Assert.Null(runtime.Durable.First);
    }
}
