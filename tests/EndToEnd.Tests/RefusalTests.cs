using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

public sealed class RefusalTests(WarmPool warm) : IClassFixture<WarmPool>
{
    private readonly ProcessPool _pool = warm.Pool;

    [Fact]
    public void ApplyAsync_ArgumentIsNotSerializable_IsRefusedAtTheCall()
    {
        using var stream = new MemoryStream();

        var exception = Assert.Throws<NotCarriedException>(() => { _pool.ApplyAsync(Length, (Stream)stream); });

        Assert.Contains(nameof(Stream), exception.Message, StringComparison.Ordinal);
        Assert.Equal(0, _pool.PendingJobs);
    }

    [Fact]
    public void ApplyAsync_ResultTypeIsNotSerializable_IsRefusedAtTheCall() =>
        Assert.Contains(
            nameof(Stream), Assert.Throws<NotCarriedException>(() => { _pool.ApplyAsync(Open); }).Message, StringComparison.Ordinal);

    [Fact]
    public async Task ApplyAsync_RuntimeTypeOfResultIsNotSerializable_FailsNamingTheType()
    {
        var exception = await _pool.ApplyAsync(() => MakeAnimal(true)).Fails<NotCarriedException>();

        Assert.Contains(nameof(Dog), exception.Message, StringComparison.Ordinal);
        Assert.Equal("cat", (await _pool.ApplyAsync(() => MakeAnimal(false)).Soon()).Name);
    }

    [Fact]
    public void ApplyAsync_FrameworkFunction_IsRefused()
    {
        var exception = Assert.Throws<NotCarriedException>(() => { _pool.ApplyAsync<int, int>(Math.Abs, -1); });

        Assert.Contains("Abs", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ApplyAsync_ClosureOverAStream_IsRefusedNamingTheVariable()
    {
        using var stream = new MemoryStream();

        var closure = LengthOf(stream);

        var exception = Assert.Throws<NotCarriedException>(() => { _pool.ApplyAsync(closure); });

        Assert.Contains("stream", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MapAsync_RuntimeTypeOfResultIsNotSerializable_FailsNamingTheType() =>
        Assert.Contains(
            nameof(Dog), (await _pool.MapAsync(MakeAnimal, [false, true]).Fails<NotCarriedException>()).Message, StringComparison.Ordinal);

    private static Func<long> LengthOf(MemoryStream stream) => () => stream.Length;

    private static long Length(Stream stream) => stream.Length;

    private static Stream Open() => Stream.Null;

    private static Animal MakeAnimal(bool isDog) => isDog ? new Dog() : new Animal { Name = "cat" };

    private class Animal
    {
        public string Name { get; init; } = "";
    }

    private sealed class Dog : Animal;
}
