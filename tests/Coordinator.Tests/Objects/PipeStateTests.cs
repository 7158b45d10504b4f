using Actors.Coordinator.Objects;
using Actors.Coordinator.Objects.Kinds;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;

namespace Actors.Coordinator.Tests.Objects;

public sealed class PipeStateTests
{
    private static readonly Caller A = new(1);

    /// <summary>A message without contents needs memory, too. Any number of them was accepted.</summary>
    [Fact]
    public void Send_EmptyMessagesWithoutEnd_WaitsAtTheLimit()
    {
        var pipe = new PipeState();
        var accepted = 0;
        while (accepted < PipeSide.UnreadLimit && pipe.Ask(A, new PipeSend(0, default).ToCall(default, accepted + 1, -1)).Count > 0)
            accepted++;

        Assert.InRange(accepted, 1, PipeSide.UnreadLimit / 16);
        Assert.InRange(pipe.Size, accepted, 2 * PipeSide.UnreadLimit);
    }
}
