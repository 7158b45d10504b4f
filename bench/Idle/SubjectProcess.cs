using System.Diagnostics;

namespace Idle;

/// <summary>This program in another process, to be measured. <see cref="Dispose"/> ends it.</summary>
internal sealed class SubjectProcess : IDisposable
{
    private readonly Process _process;

    public SubjectProcess(params IEnumerable<string> arguments)
    {
        var info = new ProcessStartInfo("dotnet", [typeof(SubjectProcess).Assembly.Location, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        _process = Process.Start(info)!;
        if (_process.StandardOutput.ReadLine() != "ready")
            throw new InvalidOperationException($"The process for \"{string.Join(' ', arguments)}\" ended before it was ready.");
    }

    public int Id => _process.Id;

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }
}
