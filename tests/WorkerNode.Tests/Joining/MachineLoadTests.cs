using Actors.WorkerNode.Joining;

namespace Actors.WorkerNode.Tests.Joining;

/// <summary>How busy a machine is, as its system says.</summary>
public sealed class MachineLoadTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Load_IsWhatHasPassedSinceTheLastLook()
    {
        var load = new MachineLoad(_path);
        Write("cpu  100 0 100 800 0 0 0 0 0 0");
        load.MeasureLoad();
        Write("cpu  160 0 110 820 10 0 0 0 0 0");

        Assert.Equal(0.7, load.MeasureLoad(), 3);
        // In so little time there is nothing to be said that is new.
        Write("cpu  160 0 110 830 10 0 0 0 0 0");
        Assert.Equal(0.7, load.MeasureLoad(), 3);
        Write("cpu  160 0 110 920 10 0 0 0 0 0");
        Assert.Equal(0, load.MeasureLoad());
    }

    [Theory]
    [InlineData("")]
    [InlineData("cpu")]
    [InlineData("cpu  a b c d e f")]
    public void Load_ThatIsNotSaid_IsNone(string text)
    {
        Write(text);

        Assert.Equal(0, new MachineLoad(_path).MeasureLoad());
        Assert.Equal(0, new MachineLoad("/nowhere").MeasureLoad());
    }

    private void Write(string text) => File.WriteAllText(_path, text + "\ncpu0 1 2 3 4 5 6 7 8 9 10\n");
}
