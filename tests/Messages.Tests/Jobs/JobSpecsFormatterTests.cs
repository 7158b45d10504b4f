using System.Collections.Immutable;
using Actors.Messages.Jobs;
using Actors.Messages.Payloads;
using Actors.Messages.Pools;
using CsCheck;
using MemoryPack;

namespace Actors.Messages.Tests.Jobs;

/// <summary>Jobs in company share their functions on the wire and in a store.</summary>
public class JobSpecsFormatterTests
{
    [Fact]
    public void Jobs_OfAnyFunctions_ComeBackAsTheyWere() => Gen.Int[0, 4].Array[0, 30].Sample(functions =>
    {
        var jobs = functions.Select((function, i) => Job(i + 1, function, isStored: i % 3 == 0)).ToImmutableArray();
        var back = RoundTrip(jobs);
        Assert.Equal(jobs.Select(Text), back.Select(Text));
        Assert.Equal(functions.Distinct().Count(), back.Select(job => job.Function).Distinct(ReferenceEqualityComparer.Instance).Count());
    });

    [Fact]
    public void Jobs_OfAnyPolicies_ComeBackAsTheyWere() => Gen.Select(Gen.Long, Gen.Int, Gen.Int[-1, 1]).Array[0, 30].Sample(policies =>
    {
        var jobs = policies
            .Select((policy, i) => Job(i + 1, 1) with { Policy = new JobPolicy(policy.Item1, policy.Item2, policy.Item3) })
            .ToImmutableArray();
        Assert.Equal(jobs.Select(job => job.Policy), RoundTrip(jobs).Select(job => job.Policy));
    });

    [Theory]
    [InlineData(-1)]
    [InlineData(7)]
    public void Job_ThatNamesAPolicyThatWasNotWritten_IsRefused(int number)
    {
        var bytes = MemoryPackSerializer.Serialize(new PoolProtocol.SubmitJobs([Job(1, 1)]));
        // Header of the message, count of the jobs, id of the first, number of its function; then the number of its policy.
        BitConverter.TryWriteBytes(bytes.AsSpan(1 + sizeof(int) + sizeof(long) + sizeof(int)), number);

        Assert.Throws<MemoryPackSerializationException>(() => MemoryPackSerializer.Deserialize<PoolProtocol.SubmitJobs>(bytes));
    }

    [Fact]
    public void Jobs_OfOneFunction_TakeLittleMoreThanTheirArguments()
    {
        var one = MemoryPackSerializer.Serialize(new PoolProtocol.SubmitJobs([Job(1, 1)])).Length;
        var thousand = MemoryPackSerializer.Serialize(
            new PoolProtocol.SubmitJobs([.. Enumerable.Range(1, 1000).Select(id => Job(id, 1))])).Length;

        Assert.InRange((thousand - one) / 999, 1, 24);
    }

    [Fact]
    public void Job_ThatNamesAFunctionThatWasNotWritten_IsRefused()
    {
        var bytes = MemoryPackSerializer.Serialize(new PoolProtocol.SubmitJobs([Job(1, 1)]));
        // Header of the message, count of the jobs, id of the first; then the number of its function.
        bytes[1 + sizeof(int) + sizeof(long)] = 7;

        Assert.Throws<MemoryPackSerializationException>(() => MemoryPackSerializer.Deserialize<PoolProtocol.SubmitJobs>(bytes));
    }

    private static ImmutableArray<JobSpec> RoundTrip(ImmutableArray<JobSpec> jobs) =>
        MemoryPackSerializer.Deserialize<PoolProtocol.SubmitJobs>(MemoryPackSerializer.Serialize(new PoolProtocol.SubmitJobs(jobs)))!.Jobs;

    /// <summary>Its function is an object of its own, as of a job that came over a wire.</summary>
    private static JobSpec Job(long id, int function, bool isStored = false) =>
        new(new JobId(id), new FunctionRef(
            $"Some.Type.Function{function}", new byte[] { 1, 2, 3, 4, 5, (byte)function }), new byte[] { (byte)id },
                new JobPolicy(id % 2, 3, (int)(id % 3)),
            isStored ? new StoredPayload(PayloadId.New(), id, new PayloadHash(1, (UInt128)id)) : null);

    private static string Text(JobSpec job) =>
        $"{job.Id} {job.Function.Name} {Convert.ToHexString(job.Function.Definition.Span)} {Convert.ToHexString(job.Arguments.Span)} "
        + $"{job.Policy} {job.Stored}";
}
