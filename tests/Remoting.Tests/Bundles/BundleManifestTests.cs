using Actors.Messages.Bundles;

namespace Actors.Remoting.Tests.Bundles;

public class BundleManifestTests
{
    private static readonly BundleManifest Good = TestDirectory.Manifest("runtimes/linux-x64/native/x.so");

    [Fact]
    public void Refusal_OfAGoodOne_IsNull() => Assert.Null(Good.Refusal());

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
    public void Refusal_OfAPathThatCannotBe_SaysWhy(string? path) =>
        Assert.NotNull((Good with { Files = [.. Good.Files, new BundleFile(path!, default, 1)] }).Refusal());

    [Theory]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    [InlineData((256L << 20) + 1)]
    [InlineData(long.MaxValue)]
    public void Refusal_OfALengthThatCannotBe_SaysWhy(long length) =>
        Assert.NotNull((Good with { Files = [.. Good.Files, new BundleFile("x", default, length)] }).Refusal());

    [Fact]
    public void Refusal_OfTooMuchTogether_SaysWhy() =>
        Assert.NotNull((Good with { Files = [.. Good.Files, .. Enumerable.Range(0, 5).Select(i => new BundleFile($"x{i}", default, 256L << 20))] }).Refusal());

    [Fact]
    public void Refusal_OfTooManyFiles_SaysWhy() =>
        Assert.NotNull((Good with { Files = [.. Good.Files, .. Enumerable.Range(0, 4096).Select(i => new BundleFile($"x{i}", default, 1))] }).Refusal());

    [Fact]
    public void Refusal_OfNone_SaysWhy()
    {
        Assert.NotNull((Good with { Files = [] }).Refusal());
        Assert.NotNull((Good with { Files = default }).Refusal());
        Assert.NotNull((Good with { Files = [null!] }).Refusal());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Refusal_WithoutANeededFile_SaysWhy(int missing) => Assert.NotNull((Good with { Files = Good.Files.RemoveAt(missing) }).Refusal());

    [Fact]
    public void ComputeId_OfAnyChange_IsAnother()
    {
        var changed = Good.Files[0] with { Length = 99 };
        Assert.NotEqual(Good.ComputeId(), (Good with { DepsFile = "x" }).ComputeId());
        Assert.NotEqual(Good.ComputeId(), (Good with { Files = Good.Files.SetItem(0, changed) }).ComputeId());
        Assert.NotEqual(Good.ComputeId(), (Good with { Files = Good.Files.RemoveAt(3) }).ComputeId());
        Assert.Equal(Good.ComputeId(), TestDirectory.Manifest("runtimes/linux-x64/native/x.so").ComputeId());
    }
}
