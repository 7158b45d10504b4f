using System.Globalization;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests.Durable;

/// <summary>Named jobs and two builds of one program.</summary>
public sealed class NamedJobTests : IDisposable
{
    private const string Assembly = "Actors.EndToEnd.Client.dll";

    private readonly DurablePool _durable = new();
    private readonly TempFolder _newBuild = new();

    /// <summary>The program that has submitted the job is replaced by a new build, in which the method is another one.</summary>
    [LongFact]
    public async Task Open_NewBuildAfterACrash_RunsTheNamedJobAndKeepsThePinnedOne()
    {
        long[] ids;
        using (var old = ClientProgram.StartTestClient("named", _durable.Path))
        {
            var line = await old.Output.ReadLineAsync().Soon() ?? await old.Error.ReadToEndAsync().Soon();
            ids = [.. line.Split(' ').Select(id => long.Parse(id, CultureInfo.InvariantCulture))];
            old.Kill();
            await old.ExitAsync();
        }

        var jobs = new DurableJobs("pool", store: new SqliteStore(_durable.Path));
        Assert.Equal(DurableJobState.WaitingForBuild, (await jobs.FindAsync(ids[0]).Soon())!.State);
        Assert.Equal(DurableJobState.Pending, (await jobs.FindAsync(ids[1]).Soon())!.State);

        await using (var other = await _durable.OpenAsync())
        {
            var named = await Assert.ThrowsAsync<FunctionNotFoundException>(() => other.Attach<string>(ids[0]).Soon());
            Assert.Contains("attach to the job again", named.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<FunctionNotFoundException>(() => other.Attach<string>(ids[1]).Soon());
        }

        MakeNewBuild();
        using (var next = ClientProgram.Start(_newBuild.Path, ["named-attach", _durable.Path, $"{ids[0]}"]))
        {
            Assert.Equal("BUILD-NUMBER-2 7", await next.Output.ReadLineAsync().Soon() ?? await next.Error.ReadToEndAsync().Soon());
            await next.ExitAsync();
        }

        Assert.Equal(DurableJobState.Pending, (await jobs.FindAsync(ids[1]).Soon())!.State);
    }

    [Fact]
    public async Task Submit_NamedJob_RunsWithThisBuild()
    {
        await using var pool = await _durable.OpenAsync();

        Assert.Equal(4, await pool.ApplyAsync(Double, 2).Soon());
        int[] doubled = await pool.MapAsync(Double, [1, 2]).Soon();
        Assert.Equal([2, 4], doubled);
        await using var ordinary = await ProcessPool.StartAsync(1);
        Assert.Equal(6, await ordinary.ApplyAsync(Double, 3).Soon());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _durable.Dispose();
        _newBuild.Dispose();
    }

    [Job("end-to-end-double", Build = JobBuild.Newest)]
    private static int Double(int number) => 2 * number;

    /// <summary>
    /// Copies the test client with another text and another version of its module. So a worker of the new build refuses the function of the
    /// old one.
    /// </summary>
    private void MakeNewBuild()
    {
        var client = Path.GetDirectoryName(ClientProgram.PathOf("tests/EndToEnd.Client", Assembly))!;
        foreach (var file in Directory.EnumerateFiles(client, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(_newBuild.Path, Path.GetRelativePath(client, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        var path = Path.Combine(_newBuild.Path, Assembly);
        var bytes = File.ReadAllBytes(path);
        Replace(bytes, Encoding.Unicode.GetBytes("build-number-1"), Encoding.Unicode.GetBytes("build-number-2"));
        Replace(bytes, ReadModuleVersion(bytes), Guid.NewGuid().ToByteArray());
        File.WriteAllBytes(path, bytes);
    }

    private static byte[] ReadModuleVersion(byte[] assembly)
    {
        using var file = new PEReader(new MemoryStream(assembly));
        var metadata = file.GetMetadataReader();
        return metadata.GetGuid(metadata.GetModuleDefinition().Mvid).ToByteArray();
    }

    private static void Replace(byte[] bytes, byte[] old, byte[] replacement)
    {
        var position = bytes.AsSpan().IndexOf(old);
        Assert.True(position >= 0, "The test client has changed.");
        replacement.CopyTo(bytes, position);
        Assert.Equal(-1, bytes.AsSpan(position + 1).IndexOf(old));
    }
}
