using System.Diagnostics;
using Actors.WorkerNode.Executors;

namespace Actors.WorkerNode.Tests.Executors;

/// <summary><see cref="UnreadReplies"/>: a process that calls and never reads the answers.</summary>
public sealed class UnreadRepliesTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task WaitForReader_AnswersAreRead_Continues()
    {
        using var replies = new UnreadReplies(isLimited: true);
        replies.Add(UnreadReplies.SlowAbove);
        replies.WaitForReader();
        replies.Add(1);
        var waiting = Task.Run(replies.WaitForReader);
        replies.Add(-1);
        await waiting.WaitAsync(Patience);
    }

    /// <summary>A process of this library may send a frame before it reads, and must not wait for ever.</summary>
    [Fact]
    public void WaitForReader_NothingIsRead_ReadsAFrameEachSecond()
    {
        using var replies = new UnreadReplies(isLimited: true);
        replies.Add(UnreadReplies.SlowAbove + 1);
        var began = Stopwatch.GetTimestamp();
        replies.WaitForReader();
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.FromSeconds(0.9), Patience);
    }

    [Fact]
    public void WaitForReader_FarTooMany_EndsTheProcess()
    {
        using var replies = new UnreadReplies(isLimited: true);
        replies.Add(UnreadReplies.Limit + 1);
        Assert.Throws<InvalidDataException>(replies.WaitForReader);
    }

    [Fact]
    public async Task Dispose_Waiting_Ends()
    {
        var replies = new UnreadReplies(isLimited: false);
        replies.Add(UnreadReplies.Limit + 1);
        var waiting = Task.Run(replies.WaitForReader);
        replies.Dispose();
        await waiting.WaitAsync(Patience);
    }
}
