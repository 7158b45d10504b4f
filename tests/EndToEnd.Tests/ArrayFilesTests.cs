using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

/// <summary>Files of undisposed managed arrays are removed when their process ends, or by the next program.</summary>
public sealed class ArrayFilesTests : IDisposable
{
    private readonly TempFolder _memory = new();

    [Theory]
    [InlineData("return")]
    [InlineData("worker-returns")]
    public async Task ManagedArray_ProgramReturnsFromMain_IsRemoved(string end)
    {
        using var program = Start(end);
        await MadeAsync(program);

        await program.ExitAsync();

        Assert.Equal(0, program.ExitCode);
        Assert.True(await Waiting.Until(() => _memory.Files == 0, Waiting.Guard), Left());
    }

    [LongFact]
    public async Task ManagedArray_ProgramIsKilled_IsRemovedByNextProgram()
    {
        using var living = Start("killed");
        await MadeAsync(living);
        var ofLiving = Left();
        using (var killed = Start("killed"))
        {
            await MadeAsync(killed);
            Assert.NotEqual(ofLiving, Left());
            killed.Kill();
            await killed.ExitAsync();
        }

        using var next = Start("nothing");
        await MadeAsync(next);
        await next.ExitAsync();

        Assert.Equal(ofLiving, Left());
    }

    [LongTheory]
    [InlineData("worker-killed")]
    [InlineData("worker-ends")]
    public async Task ManagedArray_CreatingWorkerEnds_IsRemoved(string end)
    {
        using var program = Start(end);
        await MadeAsync(program);

        Assert.True(await Waiting.Until(() => _memory.Files == 0, Waiting.Guard), Left());
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    private static async Task MadeAsync(ClientProgram program) =>
        Assert.Equal("made", await program.Output.ReadLineAsync().Soon() ?? await program.Error.ReadToEndAsync().Soon());

    private ClientProgram Start(string end) =>
        ClientProgram.StartTestClient(new Dictionary<string, string> { ["ACTORS_SHARED_MEMORY_DIRECTORY"] = _memory.Path }, "array", end);

    private string Left() => string.Join(' ', Directory.GetFiles(_memory.Path).Order(StringComparer.Ordinal));
}
