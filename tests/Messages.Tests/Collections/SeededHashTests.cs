using System.Reflection;
using System.Runtime.CompilerServices;
using Actors.Messages.Collections;
using Actors.Messages.Jobs;
using Actors.Messages.Payloads;

namespace Actors.Messages.Tests.Collections;

/// <summary>Keys that another process chooses do not collide on purpose.</summary>
public sealed class SeededHashTests
{
    private const int Count = 1000;

    /// <summary>
    /// The default hash codes of these keys are all equal: those of <see cref="long"/> and <see cref="Guid"/> combine parts by an
    /// exclusive or.
    /// </summary>
    [Fact]
    public void GetHashCode_KeysOfEqualHalves_Differ()
    {
        var numbers = Enumerable.Range(1, Count).Select(half => ((long)half << 32) | (uint)half).ToList();
        var guids = Enumerable.Range(1, Count).Select(half => new Guid(half, 0, 0, [.. BitConverter.GetBytes(half), 0, 0, 0, 0])).ToList();
        var halves = numbers.Select(number => new UInt128(0, (ulong)number)).ToList();
        Assert.Single(numbers.Select(number => number.GetHashCode()).Distinct());
        Assert.Single(halves.Select(half => half.GetHashCode()).Distinct());

        AssertDiffer(numbers.Select(number => new JobId(number).GetHashCode()));
        AssertDiffer(numbers.Select(SeededComparer<long>.Instance.GetHashCode));
        AssertDiffer(numbers.Select(number => SeededCallComparer<string>.Instance.GetHashCode(("", number))));
        AssertDiffer(guids.Select(guid => new PoolId(guid).GetHashCode()));
        AssertDiffer(guids.Select(guid => new ObjectId(guid).GetHashCode()));
        AssertDiffer(guids.Select(guid => new PayloadId(guid).GetHashCode()));
        AssertDiffer(halves.Select(half => new BundleId(half, 0).GetHashCode()));
        AssertDiffer(halves.Select(half => new PayloadHash(0, half).GetHashCode()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(8)]
    public void ComputeBytes_EqualAndOtherBytes_AreDistinguished(int length)
    {
        var bytes = Enumerable.Range(0, length).Select(index => (byte)index).ToArray();

        Assert.Equal(SeededHash.ComputeBytes(bytes), SeededHash.ComputeBytes([.. bytes]));
        AssertDiffer(Enumerable.Range(0, 200).Select(last => SeededHash.ComputeBytes([.. bytes, (byte)last])));
        Assert.Equal(new FunctionRef("a", bytes).GetHashCode(), new FunctionRef("b", bytes).GetHashCode());
    }

    /// <summary>Ids arrive from other processes and are keys of dictionaries.</summary>
    [Fact]
    public void GetHashCode_EveryId_IsSeeded() => Assert.All(
        typeof(JobId).Assembly.GetTypes().Where(
            type => type.IsValueType && (type.Name.EndsWith("Id", StringComparison.Ordinal) || type.Name == nameof(PayloadHash))),
        type => Assert.Null(
            type.GetMethod(nameof(GetHashCode), BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Public, [])!
                .GetCustomAttribute<CompilerGeneratedAttribute>()));

    private static void AssertDiffer(IEnumerable<int> hashes)
    {
        var all = hashes.ToList();
        Assert.InRange(all.Distinct().Count(), all.Count - 2, all.Count);
    }
}
