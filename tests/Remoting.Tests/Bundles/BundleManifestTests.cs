using Actors.Messages.Bundles;

namespace Actors.Remoting.Tests.Bundles;

public class BundleManifestTests
{
    private static readonly BundleManifest Good = TestDirectory.Manifest("runtimes/linux-x64/native/x.so");

    [Fact]
    public void Refusal_ValidManifest_IsNull() => Assert.Null(Good.FindProblem());

    [Theory]
    [InlineData("../x")]
    [InlineData("a/../../x")]
    [InlineData("/etc/x")]
    [InlineData("a\\x")]
    [InlineData("C:/x")]
    [InlineData("C:x")]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a//x")]
    [InlineData("a/")]
    [InlineData("x\0")]
    [InlineData("x\ny")]
    [InlineData("A.DEPS.json")]
    [InlineData("a.deps.json")]
    [InlineData("a.deps.json/x")]
    [InlineData("RUNTIMES")]
    [InlineData(null)]
    public void Refusal_InvalidPath_GivesTheReason(string? path) =>
        Assert.NotNull((Good with { Files = [.. Good.Files, new BundleFile(path!, default, 1)] }).FindProblem());

    [Theory]
    [InlineData('x', 256)]
    [InlineData('\u00fc', 128)]
    public void Refusal_NameTooLong_GivesTheReason(char letter, int count)
    {
        var file = new BundleFile("a/" + new string(letter, count), default, 1);
        Assert.NotNull((Good with { Files = [.. Good.Files, file] }).FindProblem());
        var shorter = file with { Path = file.Path[..^1] };
        Assert.Null((Good with { Files = [.. Good.Files, shorter] }).FindProblem());
    }

    /// <summary>Two such paths would have the same UTF-8 form, and two manifests the same id.</summary>
    [Fact]
    public void Refusal_PathWithInvalidText_GivesTheReason() =>
        Assert.NotNull((Good with { Files = [.. Good.Files, new BundleFile("x\ud800", default, 1)] }).FindProblem());

    [Fact]
    public void Refusal_DeepDirectories_GivesTheReasonAndAllocatesLittle()
    {
        var deep = string.Join('/', Enumerable.Repeat("a", 200));
        var manifest =
            Good with { Files = [.. Good.Files, .. Enumerable.Range(0, 4000).Select(i => new BundleFile($"{i}/{deep}", default, 1))] };
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.NotNull(manifest.FindProblem());

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
    }

    [Fact]
    public void Refusal_LargestManifest_AllocatesLittle()
    {
        var deep = string.Join('/', Enumerable.Repeat(new string('a', 30), 15));
        var manifest =
            Good with { Files = [.. Good.Files, .. Enumerable.Range(0, 4000).Select(i => new BundleFile($"{i}/{deep}", default, 1))] };
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Null(manifest.FindProblem());

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000_000);
    }

    [Theory]
    [InlineData("../a.deps.json")]
    [InlineData("/etc/passwd")]
    [InlineData("")]
    [InlineData(null)]
    public void Refusal_DependencyFileOutsideTheTop_GivesTheReason(string? path)
    {
        Assert.NotNull((Good with { DepsFile = path! }).FindProblem());
        Assert.NotNull((Good with { RuntimeConfigFile = path! }).FindProblem());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    [InlineData((256L << 20) + 1)]
    [InlineData(long.MaxValue)]
    public void Refusal_InvalidLength_GivesTheReason(long length) =>
        Assert.NotNull((Good with { Files = [.. Good.Files, new BundleFile("x", default, length)] }).FindProblem());

    [Fact]
    public void Refusal_TotalLengthTooLarge_GivesTheReason() =>
        Assert.NotNull((
            Good with { Files = [.. Good.Files, .. Enumerable.Range(0, 5).Select(i => new BundleFile($"x{i}", default, 256L << 20))] })
            .FindProblem());

    [Fact]
    public void Refusal_TooManyFiles_GivesTheReason() =>
        Assert.NotNull((
            Good with { Files = [.. Good.Files, .. Enumerable.Range(0, 10_000).Select(i => new BundleFile($"x{i}", default, 1))] })
            .FindProblem());

    [Fact]
    public void Refusal_NoFiles_GivesTheReason()
    {
        Assert.NotNull((Good with { Files = [] }).FindProblem());
        Assert.NotNull((Good with { Files = default }).FindProblem());
        Assert.NotNull((Good with { Files = [null!] }).FindProblem());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Refusal_RequiredFileMissing_GivesTheReason(int missing) =>
        Assert.NotNull((Good with { Files = Good.Files.RemoveAt(missing) }).FindProblem());

    [Fact]
    public void ComputeId_AnyChange_GivesAnotherId()
    {
        var changed = Good.Files[0] with { Length = 99 };
        Assert.NotEqual(Good.ComputeId(), (Good with { DepsFile = "x" }).ComputeId());
        Assert.NotEqual(Good.ComputeId(), (Good with { Files = Good.Files.SetItem(0, changed) }).ComputeId());
        Assert.NotEqual(Good.ComputeId(), (Good with { Files = Good.Files.RemoveAt(3) }).ComputeId());
        Assert.Equal(Good.ComputeId(), TestDirectory.Manifest("runtimes/linux-x64/native/x.so").ComputeId());
    }
}
