using Actors.Messages.Payloads;

namespace Actors.Messages.Tests.Payloads;

public sealed class MappedPayloadTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    [Fact]
    public void Open_AFile_IsItsBytesAndRemovesItWhenDisposed()
    {
        File.WriteAllBytes(_path, [1, 2, 3]);
        var payload = MappedPayload.OpenFile(_path);

        Assert.Equal([1, 2, 3], payload.Memory.ToArray());
        Assert.Equal([2, 3], payload.Memory.Span[1..].ToArray());
        ((IDisposable)payload).Dispose();
        ((IDisposable)payload).Dispose();

        Assert.False(File.Exists(_path));
        Assert.Throws<ObjectDisposedException>(() => payload.GetSpan().Length);
    }

    [Fact]
    public void Open_AnEmptyFile_IsRefused() => Assert.Throws<InvalidDataException>(() => MappedPayload.OpenFile(_path));

    /// <inheritdoc/>
    public void Dispose() => File.Delete(_path);
}
