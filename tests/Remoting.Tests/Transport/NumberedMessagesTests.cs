using Actors.Remoting.Transport;

namespace Actors.Remoting.Tests.Transport;

public sealed class NumberedMessagesTests
{
    private readonly NumberedMessages _messages = new();

    [Fact]
    public void TryAdd_NumbersInOrder_AreAcceptedWithoutEnd()
    {
        for (var number = 0UL; number < 1_000; number++)
            Assert.Equal((true, false), Add(number));
    }

    [Theory]
    [InlineData(NumberedMessages.Window)]
    [InlineData(1L << 40)]
    [InlineData(long.MaxValue)]
    [InlineData(-2)]
    public void TryAdd_NumberFarAhead_IsRefused(long number) => Assert.False(Add(unchecked((ulong)number)).IsAccepted);

    /// <summary>The framework keeps all messages after a missing one.</summary>
    [Fact]
    public void TryAdd_FirstIsMissing_FewAreAcceptedUntilItArrives()
    {
        for (var number = 1UL; number < NumberedMessages.Window; number++)
            Assert.Equal((true, false), Add(number));
        Assert.False(Add(NumberedMessages.Window).IsAccepted);

        Assert.Equal((true, false), Add(0));

        Assert.Equal((true, false), Add(NumberedMessages.Window));
        Assert.Equal((true, false), Add((2 * NumberedMessages.Window) - 1));
        Assert.False(Add((2 * NumberedMessages.Window) + 1).IsAccepted);
    }

    [Fact]
    public void TryAdd_NumberAgain_IsRepeated()
    {
        Add(0);
        Add(2);

        Assert.Equal((true, true), Add(0));
        Assert.Equal((true, true), Add(2));
        Assert.Equal((true, false), Add(1));
        Assert.Equal((true, true), Add(2));
    }

    private (bool IsAccepted, bool IsRepeated) Add(ulong number) => (_messages.TryAdd(number, out var isRepeated), isRepeated);
}
