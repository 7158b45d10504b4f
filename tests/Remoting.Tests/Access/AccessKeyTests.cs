using Actors.Remoting.Access;

namespace Actors.Remoting.Tests.Access;

public sealed class AccessKeyTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    /// <inheritdoc/>
    public void Dispose() => File.Delete(_file);

    /// <summary>A program without the key receives a proof of it, with which it can test guesses on its own.</summary>
    [Theory]
    [InlineData("secret", "can be guessed")]
    [InlineData("  fifteen letters  ", "15 characters")]
    [InlineData(" \n", "is empty")]
    public void ReadFile_ShortText_IsRefusedWithARemedy(string text, string reason)
    {
        File.WriteAllText(_file, text);

        Assert.Contains(
            reason, Assert.Throws<InvalidOperationException>(() => AccessKey.ReadFile(_file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadFile_WhiteSpaceAroundTheKey_IsIgnored()
    {
        File.WriteAllText(_file, "\n0123456789abcdef \n");

        Assert.True(AccessKey.ReadFile(_file)!.MatchesText("0123456789abcdef"));
    }
}
