using Actors.Messages.Jobs;

namespace Actors.Messages.Tests.Jobs;

public sealed class WorkerStackTests
{
    private const string Own = "   at Actors.Executor.Jobs.JobRunner.Run()\n   at Actors.Executor.ExecutorProcess.Run()\n   at "
        + "Program.<Main>$(System.String[])\n";

    [Theory]
    [InlineData("Process terminated.\nbad\n   at Shop.F()\n" + Own, "Process terminated.\nbad\n   at Shop.F()")]
    [InlineData("   at Shop.F()\n   at Actors.Executor.Jobs.JobRunner.Call() in JobRunner.cs:line 7", "   at Shop.F()")]
    [InlineData("   at Shop.F()\r\n   at Actors.Executor.Jobs.JobRunner.Call()", "   at Shop.F()")]
    [InlineData(
        "   at Actors.Executor.Objects.Channel.Ask()\n   at "
        + "Shop.F()\n" + Own, "   at Actors.Executor.Objects.Channel.Ask()\n   at Shop.F()")]
    public void Trim_OwnFramesAtTheEnd_AreRemoved(string text, string expected) => Assert.Equal(expected, WorkerStack.TrimStack(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("out of paper\n")]
    [InlineData("Unhandled exception.\n" + Own)]
    [InlineData(Own)]
    [InlineData(Own + "and a line after it")]
    [InlineData("   at Shop.F()\n   at Program.<Main>$(System.String[])")]
    public void Trim_NoFramesOfTheUserOrNoneBelow_ChangesNothing(string? text) => Assert.Equal(text, WorkerStack.TrimStack(text));
}
