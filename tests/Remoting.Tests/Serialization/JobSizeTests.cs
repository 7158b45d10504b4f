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

    /// <summary>
    /// All jobs of a message may have one policy, and the size of each was the sum over its lost attempts. One message of 15 MiB kept a
    /// coordinator busy for an hour.
    /// </summary>
    [Fact]
    public void Deserialize_TooManyLostAttempts_IsRefused()
    {
        var most = new JobOrigin(Guid.Empty, 0, Losses: [.. new AttemptLoss[AttemptHistory.MaxReported]]);
        var bytes = MemoryPackSerializer.Serialize(new PoolProtocol.SubmitJobs([Job(JobPolicy.Once with { Origin = most })]));
        Assert.Single(PackedBytes.DeserializeContract<PoolProtocol.SubmitJobs>(bytes).Jobs);
        Assert.Throws<ArgumentException>(() => new JobOrigin(Guid.Empty, 0, Losses: [.. new AttemptLoss[1_000_000]]));

        // The list is the last member: its length, and a byte for each null.
        var origin = MemoryPackSerializer.Serialize(most);
        var start = origin.Length - AttemptHistory.MaxReported - sizeof(int);
        Assert.Equal(AttemptHistory.MaxReported, BitConverter.ToInt32(origin, start));
        byte[] forged = [.. origin, origin[^1]];
        BitConverter.GetBytes(AttemptHistory.MaxReported + 1).CopyTo(forged, start);
        // The length of a member precedes the contents of a version-tolerant contract, as an integer of one byte if it is small.
        Assert.Equal(sizeof(int) + AttemptHistory.MaxReported, forged[5]);
        forged[5]++;
        Assert.Throws<SerializationException>(() => PackedBytes.DeserializeContract<JobOrigin>(forged));
    }

    private static IEnumerable<StoredPayload> Payloads(int count) =>
        Enumerable.Range(0, count).Select(_ => new StoredPayload(PayloadId.New(), 1, default));

    private static JobSpec Job(JobPolicy policy) => new(new JobId(1), new FunctionRef("f", new byte[] { 1 }), default, policy);
}
