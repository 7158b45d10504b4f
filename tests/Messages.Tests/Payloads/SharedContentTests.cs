using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Actors.Messages.Payloads;

namespace Actors.Messages.Tests.Payloads;

/// <summary>The content of shared values, and their list in the policy of a job.</summary>
public sealed class SharedContentTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(20_000)]
    public void GetElements_OfAnyLength_AreAlignedAndEqual(int length)
    {
        var numbers = Enumerable.Range(0, length).Select(number => number * 1.5).ToArray();
        File.WriteAllBytes(_path, SharedContent.Encode(numbers));
        var content = new SharedContent(PayloadId.New(), _path);

        var elements = content.GetElements<double>();

        Assert.Equal(numbers, elements);
        Assert.Equal(0, length == 0 ? 0 : GetAddress(elements) % 16);
        Assert.Equal(numbers, content.GetValue<double[]>());
        Assert.Same(content.GetValue<double[]>(), content.GetValue<double[]>());
    }

    [Fact]
    public void GetValue_FileIsRemoved_Throws()
    {
        File.Delete(_path);

        var exception = Assert.Throws<ObjectDisposedException>(() => new SharedContent(PayloadId.New(), _path).GetValue<string>());

        Assert.Contains("Share it again", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Equals_OfLists_ComparesThePayloads()
    {
        var payload = new StoredPayload(PayloadId.New(), 1, default);
        var other = new StoredPayload(PayloadId.New(), 1, default);

        Assert.Equal(new SharedPayloads([payload]), new SharedPayloads([payload]));
        Assert.Equal(new SharedPayloads([payload]).GetHashCode(), new SharedPayloads([payload]).GetHashCode());
        Assert.NotEqual(new SharedPayloads([payload, other]), new SharedPayloads([other, payload]));
        Assert.Empty(new SharedPayloads(default).Payloads);
    }

    /// <inheritdoc/>
    public void Dispose() => File.Delete(_path);

    private static long GetAddress(ReadOnlySpan<double> span) =>
        Unsafe.ByteOffset(ref Unsafe.NullRef<double>(), ref MemoryMarshal.GetReference(span));
}
