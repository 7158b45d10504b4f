using Actors.Executor.Jobs;
using Actors.Messages.Executors;
using Actors.Messages.Values;

namespace Actors.Executor.Tests.Jobs;

/// <summary>Small results stay in memory, large results are in a file, and both have the same bytes.</summary>
public sealed class ResultWriterTests : IDisposable
{
    private const int Longest = 100_000;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("result-writer-");
    private readonly FrameWriter _memory = new();
    private readonly ResultWriter _writer;

    public ResultWriterTests() => _writer = new ResultWriter(_memory, _directory.FullName, Longest);

    private string Path => PayloadPaths.GetResultPath(_directory.FullName, 7);

    [Theory]
    [InlineData(10)]
    [InlineData(Longest - 100)]
    public void Write_SmallResult_IsInMemory(int length)
    {
        var value = Value(length);
        Write(value);
        Assert.False(_writer.IsInFile);
        Assert.Equal(ValueSerializer.ToBytes(value).ToArray(), _memory.Written.ToArray());
        Assert.Empty(_directory.GetFiles());
    }

    [Theory]
    [InlineData(Longest)]
    [InlineData(3 * Longest)]
    public void Write_LargeBlock_IsOnlyInTheFile(int length)
    {
        var value = Value(length);
        Write(value);
        Assert.True(_writer.IsInFile);
        Assert.Equal(ValueSerializer.ToBytes(value).ToArray(), File.ReadAllBytes(Path));
        Assert.Equal(0, _memory.Length);
    }

    [Fact]
    public void Write_ManySmallValues_AreOnlyInTheFile()
    {
        var value = Enumerable.Range(0, 50_000).Select(i => $"{i}").ToList();
        Write(value);
        Assert.True(_writer.IsInFile);
        Assert.Equal(ValueSerializer.ToBytes(value).ToArray(), File.ReadAllBytes(Path));
    }

    [Fact]
    public void DiscardResult_LargeResult_LeavesNothingForTheNext()
    {
        Write(Value(2 * Longest));
        _writer.DiscardResult();
        Assert.Empty(_directory.GetFiles());
        Write(Value(1));
        Assert.False(_writer.IsInFile);
    }

    /// <inheritdoc/>
    public void Dispose() => _directory.Delete(recursive: true);

    private void Write<T>(T value)
    {
        _memory.ClearFrames();
        _writer.BeginResult(7);
        ValueSerializer.WriteValue(_writer, value);
        _writer.EndResult();
    }

    private static (int, byte[], string) Value(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return (1, bytes, "behind");
    }
}
