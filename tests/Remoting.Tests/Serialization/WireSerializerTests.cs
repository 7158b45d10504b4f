using System.Reflection;
using System.Runtime.Serialization;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Actors.Remoting.Serialization;
using Actors.Testing;
using Akka.Actor;
using MemoryPack;

namespace Actors.Remoting.Tests.Serialization;

public sealed class WireSerializerTests : PatientTestKit
{
    private readonly WireSerializer _serializer;

    public WireSerializerTests() => _serializer = new WireSerializer((ExtendedActorSystem)Sys);

    public static TheoryData<string> Contracts => [.. AllContracts.Select(type => type.FullName!)];

    /// <summary>The version-tolerant contracts. Contracts of frequent messages are not: new data needs another contract.</summary>
    public static TheoryData<string> TolerantContracts =>
    [
        .. AllContracts.Where(type => type.GetCustomAttribute<MemoryPackableAttribute>()!.GenerateType == GenerateType.VersionTolerant)
            .Select(type => type.FullName!),
    ];

    private static IEnumerable<Type> AllContracts => typeof(IWireMessage).Assembly.GetTypes()
        .Where(type => !type.IsInterface && type.IsAssignableTo(typeof(IWireMessage)))
            .OrderBy(type => type.FullName, StringComparer.Ordinal);

    [Fact]
    public void Manifests_AllContracts_HaveOne() =>
        Assert.Equal(AllContracts, WireManifests.Types.OrderBy(type => type.FullName, StringComparer.Ordinal));

    [Fact]
    public void Manifests_FindType_ReturnsTheType() =>
        Assert.All(AllContracts, type => Assert.Same(type, WireManifests.FindType(WireManifests.FindManifest(type)!)));

    [Theory]
    [MemberData(nameof(Contracts))]
    public void RoundTrip_AnyContract_KeepsEveryMember(string contract)
    {
        var sample = Samples.Of(TypeOf(contract));
        Assert.Equal(Samples.Describe(sample), Samples.Describe(RoundTrip(sample)));
    }

    [Fact]
    public void ToBinary_Samples_GiveTheGoldenBytes()
    {
        var actual = AllContracts.Select(Samples.Of)
            .Select(sample => $"{_serializer.Manifest(sample)} {Convert.ToHexStringLower(_serializer.ToBinary(sample))}")
                .Order(StringComparer.Ordinal).ToList();
        // The actual bytes are written beside the tests. They replace the checked-in file when a contract was extended on purpose.
        File.WriteAllLines(Path.Combine(AppContext.BaseDirectory, "golden.actual.txt"), actual);
        Assert.Equal(File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Serialization", "golden.txt")), actual);
    }

    [Fact]
    public void FromBinary_GoldenBytes_GiveTheSamples()
    {
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Serialization", "golden.txt")))
        {
            var (manifest, bytes) = (line.Split(' ')[0], Convert.FromHexString(line.Split(' ')[1]));
            Assert.Equal(Samples.Describe(Samples.Of(WireManifests.FindType(manifest)!)),
                Samples.Describe(_serializer.FromBinary(bytes, manifest)));
        }
    }

    [Theory]
    [MemberData(nameof(TolerantContracts))]
    public void FromBinary_MemberOfALaterVersion_IsSkipped(string contract)
    {
        var sample = Samples.Of(TypeOf(contract));
        var later = WithOneMemberMore(_serializer.ToBinary(sample));
        Assert.Equal(Samples.Describe(sample), Samples.Describe(_serializer.FromBinary(later, _serializer.Manifest(sample))));
    }

    /// <summary>Each of these inputs made the reader of MemoryPack read out of bounds, loop, or allocate far more than the input.</summary>
    [Theory]
    [InlineData("n.drainnode", "010C000000800000000061616161", "a length of a text near int.MinValue")]
    [InlineData("n.drainnode", "0109FAFFFFFF0100000061616161", "a text that is longer than the rest")]
    [InlineData("n.drainnode", "010CFBFFFFFFFFFFFF7F61616161", "more characters than bytes")]
    [InlineData("n.drainnode", "0205880500000061616161", "a negative length of an unknown member")]
    [InlineData("n.drainnode", "0105FFFFFFFF", "a required text that is null")]
    [InlineData("n.drainnode", "0100", "a required text that is missing")]
    [InlineData("n.drainnode", "00", "no member")]
    [InlineData("n.drainnode", "FF", "no object")]
    [InlineData("n.listed", "0104FFFFFF7F", "more items than bytes")]
    [InlineData("n.listed", "0104FEFFFFFF", "a negative count of items")]
    [InlineData("n.back", "0300000000000000000000000000000000000000E00000000000000000", "a count whose bytes overflow")]
    [InlineData("n.recall", "0000", "a byte more")]
    public void FromBinary_MalformedBytes_AreRefused(string manifest, string bytes, string fault)
    {
        var exception = Record.Exception(() => _serializer.FromBinary(Convert.FromHexString(bytes), manifest));
        Assert.True(exception is SerializationException, $"{fault}: {exception}");
        Assert.Contains("The bytes are not those of", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromBinary_AnnouncedItems_AllocateNothing()
    {
        // The members with arrays announce as many items as bytes follow. A reader that trusts them allocates eight times as much.
        var bytes = new byte[8 << 20];
        new byte[] { 1, 0x86, 0xfa, 0xff, 0x7f, 0, 0xf0, 0xff, 0x7f, 0 }.CopyTo(bytes, 0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<SerializationException>(() => _serializer.FromBinary(bytes, "n.listed"));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void FromBinary_EndlessNestedFailures_AreRefused()
    {
        // One level: an object with six members; the first five are null.
        var level = MemoryPackSerializer.Serialize(new PoolProtocol.PoolFailed(Nested(2)))[1..];
        var each = (level.Length - 1) / 2;
        var bytes = new byte[1 + (each * 200_000)];
        bytes[0] = 1;
        for (var i = 0; i < 200_000; i++)
            level.AsSpan(0, each).CopyTo(bytes.AsSpan(1 + (i * each)));
        Assert.Throws<SerializationException>(() => _serializer.FromBinary(bytes, "p.failed"));
    }

    [Fact]
    public void FromBinary_UnknownManifest_IsRefused() =>
        Assert.Throws<SerializationException>(() => _serializer.FromBinary([1, 2, 3], "System.String"));

    [Fact]
    public void ToBinary_NotAContract_IsRefused()
    {
        Assert.Throws<SerializationException>(() => _serializer.ToBinary("text"));
        Assert.Throws<SerializationException>(() => _serializer.Manifest(new JobId(1)));
    }

    [Fact]
    public void FromBinary_NoBytes_AreRefused() => Assert.Throws<SerializationException>(() => _serializer.FromBinary([], "p.open"));

    /// <summary>The number of members, the length of each, and the members, with three unknown bytes.</summary>
    private static byte[] WithOneMemberMore(byte[] bytes)
    {
        using var state = MemoryPackReaderOptionalStatePool.Rent(MemoryPackSerializerOptions.Default);
        using var reader = new MemoryPackReader(bytes, state);
        Assert.True(reader.TryReadObjectHeader(out var members));
        for (var i = 0; i < members; i++)
            reader.ReadVarIntInt32();
        return [(byte)(members + 1), .. bytes.AsSpan(1, reader.Consumed - 1), 3, .. bytes.AsSpan(reader.Consumed), 1, 2, 3];
    }

    private static FailureInfo Nested(int levels) => new("", "", "", null, [], levels > 1 ? Nested(levels - 1) : null);

    private object RoundTrip(object value) => _serializer.FromBinary(_serializer.ToBinary(value), _serializer.Manifest(value));

    private static Type TypeOf(string contract) => typeof(IWireMessage).Assembly.GetType(contract)!;
}
