using Actors.WorkerNode.Joining;

namespace Actors.WorkerNode.Tests.Joining;

/// <summary>Tests the load of a machine, as its system reports it.</summary>
public sealed class MachineLoadTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void MeasureLoad_SecondCall_IsTheLoadSinceTheFirst()
    {
        var load = new MachineLoad(_path);
        Write("cpu  100 0 100 800 0 0 0 0 0 0");
        load.MeasureLoad();
        Write("cpu  160 0 110 820 10 0 0 0 0 0");

        Assert.Equal(0.7, load.MeasureLoad(), 3);
        // The interval is too short for a new measurement.
        Write("cpu  160 0 110 830 10 0 0 0 0 0");
        Assert.Equal(0.7, load.MeasureLoad(), 3);
        Write("cpu  160 0 110 920 10 0 0 0 0 0");
        Assert.Equal(0, load.MeasureLoad());
    }

    [Theory]
    [InlineData("")]
    [InlineData("cpu")]
    [InlineData("cpu  a b c d e f")]
    public void MeasureLoad_InvalidFile_IsZero(string text)
    {
        Write(text);

        Assert.Equal(0, new MachineLoad(_path).MeasureLoad());
        Assert.Equal(0, new MachineLoad("/nowhere").MeasureLoad());
    }

    private void Write(string text) => File.WriteAllText(_path, text + "\ncpu0 1 2 3 4 5 6 7 8 9 10\n");
}
