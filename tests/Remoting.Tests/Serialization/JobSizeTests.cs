using System.Runtime.Serialization;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Payloads;
using Actors.Messages.Pools;
using Actors.Messages.Serialization;
using MemoryPack;

namespace Actors.Remoting.Tests.Serialization;

/// <summary>A client sends jobs whose options take more memory than the arguments. They count toward its limits.</summary>
public sealed class JobSizeTests
{
    private const int Large = 100_000;

    [Fact]
    public void SizeOf_LargeOptions_AreCounted()
    {
        var text = new string('x', Large);
        var policies = new[]
        {
            JobPolicy.Once with { Key = text }, JobPolicy.Once with { Named = new JobName(text, 0, false) },
            JobPolicy.Once with { Trace = new JobTrace(text) }, JobPolicy.Once with { Trace = new JobTrace("", text) },
            JobPolicy.Once with { Trace = new JobTrace("", null, 1, text) },
            JobPolicy.Once with { Origin = new JobOrigin(Guid.Empty, 0, Losses: [new AttemptLoss(text, 0, null, "")]) },
            JobPolicy.Once with { Origin = new JobOrigin(Guid.Empty, 0, Losses: [null!, new AttemptLoss("", 0, null, text)]) },
        };
        Assert.All(policies, policy => Assert.InRange(WireLimits.SizeOf(Job(policy)), Large, 4 * Large));
        var shared = JobPolicy.Once with { Shared = new SharedPayloads([.. Payloads(SharedPayloads.Largest)]) };
        Assert.InRange(
            WireLimits.SizeOf(Job(shared)), SharedPayloads.Largest * 56, SharedPayloads.Largest * 100);
    }

    [Fact]
    public void Deserialize_TooManySharedValues_IsRefused()
    {
        var submit = new PoolProtocol.SubmitJobs(
            [Job(JobPolicy.Once with { Shared = new SharedPayloads([.. Payloads(SharedPayloads.Largest)]) })]);
        var bytes = MemoryPackSerializer.Serialize(submit);
        Assert.Single(PackedBytes.DeserializeContract<PoolProtocol.SubmitJobs>(bytes).Jobs);
        Assert.Throws<ArgumentException>(() => new SharedPayloads([.. Payloads(SharedPayloads.Largest + 1)]));

        // The list has a header of one byte and its length before its items.
        var list = MemoryPackSerializer.Serialize(new SharedPayloads([.. Payloads(SharedPayloads.Largest)]));
        Assert.Equal(SharedPayloads.Largest, BitConverter.ToInt32(list, 1));
        var item = list[5..(5 + ((list.Length - 5) / SharedPayloads.Largest))];
        byte[] forged = [list[0], .. BitConverter.GetBytes(SharedPayloads.Largest + 1), .. list[5..], .. item];
        Assert.Throws<SerializationException>(() => PackedBytes.DeserializeContract<SharedPayloads>(forged));
    }

    private static IEnumerable<StoredPayload> Payloads(int count) =>
        Enumerable.Range(0, count).Select(_ => new StoredPayload(PayloadId.New(), 1, default));

    private static JobSpec Job(JobPolicy policy) => new(new JobId(1), new FunctionRef("f", new byte[] { 1 }), default, policy);
}
