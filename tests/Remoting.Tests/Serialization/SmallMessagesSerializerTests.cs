using System.IO.Compression;
using System.Runtime.Serialization;
using Actors.Remoting.Serialization;
using Actors.Remoting.Transport;
using Actors.Testing;
using Akka.Actor;
using static Actors.Remoting.Tests.Transport.PeerMessages;

namespace Actors.Remoting.Tests.Serialization;

/// <summary>The small messages of the framework, from coordinators too.</summary>
public sealed class SmallMessagesSerializerTests : IAsyncLifetime
{
    private const int DistributedData = 11;

    private readonly ExtendedActorSystem _system =
        (ExtendedActorSystem)ActorSystem.Create("actors", UnprovenLinks.Of(RoleConfiguration.CreateClient()));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _system.Terminate();

    [Fact]
    public void FromBinary_OwnMessages_AreRead()
    {
        Assert.Null(Repeat(new Identify(null)).MessageId);
        Assert.Equal(7L, Repeat(new Identify(7L)).MessageId);
        Assert.Equal("text", Repeat(new Identify("text")).MessageId);
        Assert.Equal(7L, Repeat(new ActorIdentity(7L, ActorRefs.Nobody)).MessageId);
        Assert.Null(Repeat(new ActorIdentity(null, null)).MessageId);
        Assert.Equal("text", Repeat(new Status.Success("text")).Status);
    }

    [Theory]
    [InlineData("ID")]
    [InlineData("AID")]
    [InlineData("STS")]
    public void FromBinary_MessageInside_IsRefused(string manifest) =>
        Assert.Throws<SerializationException>(() => Read(manifest, Field(1, Payload(SmallMessageContents.Serializer, [], "ID"))));

    /// <summary>The serializer of distributed data decompresses any length.</summary>
    [Fact]
    public void FromBinary_CompressedMessageInside_AllocatesLittle()
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(new byte[64 << 20]);
        var message = Field(1, Payload(DistributedData, compressed.ToArray(), "B"));
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<SerializationException>(() => Read("ID", message));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Theory]
    [InlineData("ID", "I", 3)]
    [InlineData("ID", "L", 7)]
    [InlineData("ID", "unknown", 8)]
    [InlineData("AID", "L", 0)]
    public void FromBinary_MalformedNumber_IsRefused(string manifest, string inner, int length) =>
        Assert.Throws<SerializationException>(() => Read(manifest, Field(1, Payload(17, new byte[length], inner))));

    [Fact]
    public void ToBinary_MessageInside_IsRefused() =>
        Assert.Throws<SerializationException>(() => Repeat(new Identify(new Identify(1))));

    private T Repeat<T>(T message)
        where T : notnull
    {
        var serializer = new SmallMessagesSerializer(_system);
        return Assert.IsType<T>(serializer.FromBinary(serializer.ToBinary(message), serializer.Manifest(message)));
    }

    private object Read(string manifest, byte[] bytes) => new SmallMessagesSerializer(_system).FromBinary(bytes, manifest);
}
