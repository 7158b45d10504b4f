using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Pools;

namespace Actors.Coordinator.Tests.Pools;

public sealed class ForwardedOutputsTests
{
    private readonly ExecutorId _worker = ExecutorId.New();
    private readonly Recipient _client = new();
    private readonly Recipient _build = new();
    private readonly ForwardedOutputs _outputs = new();

    [Fact]
    public void Acknowledge_WrittenOutput_IsForwardedOnceToTheBuild()
    {
        _outputs.Add(new PoolProtocol.WorkerOutput(_worker, IsError: false, default), _client, _build);

        _outputs.Acknowledge(new PoolProtocol.WorkerOutputWritten(_worker, IsError: true));
        Assert.Empty(_build.Sent);
        for (var i = 0; i < 2; i++)
            _outputs.Acknowledge(new PoolProtocol.WorkerOutputWritten(_worker, IsError: false));

        Assert.Equal(new PoolProtocol.WorkerOutputWritten(_worker, IsError: false), Assert.Single(_build.Sent));
    }

    /// <summary>Otherwise its worker would wait forever.</summary>
    [Fact]
    public void DropClient_OutputIsNotWritten_AcknowledgesThatOfThisClient()
    {
        _outputs.Add(new PoolProtocol.WorkerOutput(_worker, IsError: false, default), _client, _build);
        _outputs.Add(new PoolProtocol.WorkerOutput(_worker, IsError: true, default), new Recipient(), _build);

        _outputs.DropClient(_client);
        _outputs.DropClient(_client);

        Assert.Equal(new PoolProtocol.WorkerOutputWritten(_worker, IsError: false), Assert.Single(_build.Sent));
    }
}
