using Actors.WorkerNode.Frameworks;

namespace Actors.WorkerNode.Tests.Frameworks;

public sealed class FrameworkVersionTests
{
    [Fact]
    public void CompareTo_VersionsInTheirOrder_EachIsBeforeTheNext()
    {
        string[] ordered =
        [
            "9.0.30", "10.0.0-alpha", "10.0.0-alpha.1", "10.0.0-alpha.beta", "10.0.0-preview.9.1", "10.0.0-preview.10.1", "10.0.0-rc.1",
            "10.0.0", "10.0.1", "10.1.0-rc.1", "10.1.0", "11.0.0",
        ];
        var versions = ordered.Select(Read).ToList();

        for (var i = 0; i < versions.Count; i++)
        {
            for (var j = 0; j < versions.Count; j++)
                Assert.Equal(Math.Sign(i.CompareTo(j)), Math.Sign(versions[i].CompareTo(versions[j])));
        }
    }

    [Theory]
    [InlineData("10.0.12", "10.0.12")]
    [InlineData("10.0.0-rc.1.25", "10.0.0-rc.1.25")]
    [InlineData("10.0.0-rc.1+build", "10.0.0-rc.1")]
    public void TryParse_Version_IsWrittenWithoutMetadata(string text, string written) => Assert.Equal(written, Read(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("10.0")]
    [InlineData("10.0.0.0")]
    [InlineData("ten.0.0")]
    [InlineData("10.0.99999999999")]
    [InlineData("-1.0.0")]
    public void TryParse_OtherText_ReturnsFalse(string text) => Assert.False(FrameworkVersion.TryParse(text, out _));

    private static FrameworkVersion Read(string text)
    {
        Assert.True(FrameworkVersion.TryParse(text, out var version));
        return version;
    }
}
