namespace Actors.Faults.Tests.Primitives;

/// <summary>The wall clock of programs, which can jump while they run. Their monotonic clock does not change.</summary>
internal sealed class SkewedClock : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("clock-");

    public SkewedClock()
    {
        try
        {
            var source = Path.Combine(AppContext.BaseDirectory, "Tools", "skew.c");
            Command.Run("gcc", "-O2", "-shared", "-fPIC", "-o", Library, source);
            Jump(TimeSpan.Zero);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The environment of programs with this clock.</summary>
    public IReadOnlyDictionary<string, string> Environment =>
        new Dictionary<string, string> { ["LD_PRELOAD"] = Library, ["ACTORS_SKEW_FILE"] = ShiftFile };

    private string Library => Path.Combine(_directory.FullName, "skew.so");

    private string ShiftFile => Path.Combine(_directory.FullName, "shift");

    /// <summary>Fails if this machine cannot shift the clock of a program.</summary>
    public static void Probe()
    {
        using var clock = new SkewedClock();
        clock.Jump(TimeSpan.FromDays(400));
        var variables = clock.Environment.Select(variable => $"{variable.Key}={variable.Value}");
        var year = Command.Run("env", [.. variables, "date", "-u", "+%Y"]);
        if (int.Parse(year, System.Globalization.CultureInfo.InvariantCulture) <= DateTime.UtcNow.Year)
            throw new InvalidOperationException("The clock of a program with LD_PRELOAD does not jump.");
    }

    /// <summary>Sets the difference between the programs' wall clock and the machine's.</summary>
    public void Jump(TimeSpan shift)
    {
        using var file = new FileStream(ShiftFile, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        file.Write(BitConverter.GetBytes((long)shift.TotalNanoseconds));
    }

    /// <inheritdoc/>
    public void Dispose() => _directory.Delete(recursive: true);
}
