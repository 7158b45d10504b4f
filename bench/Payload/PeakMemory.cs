using System.Globalization;

namespace Payload;

/// <summary>Reads the peak resident memory of a process.</summary>
internal static class PeakMemory
{
    public static double ReadMebibytes(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024.0;
    }
}
