using System.Globalization;
using Actors.Messages.Executors;
using Actors.Messages.Storage;

namespace Actors.Testing;

/// <summary>
/// The directory through which a test and its real workers exchange faults. A file for each job with planned faults names them; an empty
/// file for each injected fault records it. Files survive the death of a worker at any moment.
/// </summary>
/// <param name="directory">The path.</param>
internal sealed class FaultFiles(string directory)
{
    private const string InjectedSuffix = ".injected";

    /// <summary>The path.</summary>
    public string Directory => directory;

    /// <summary>Creates the directory, for this user alone.</summary>
    public static FaultFiles CreateDirectory() => new(System.IO.Directory.CreateTempSubdirectory("actors-faults-").FullName);

    /// <summary>Writes the planned faults of a job.</summary>
    public void WriteFaults(long job, IReadOnlyList<PlannedFault> faults)
    {
        var writer = new FrameWriter();
        foreach (var fault in faults)
            WriteFault(writer, fault);
        using var file = PrivateFile.Create(GetPath(job));
        file.Write(writer.Written.Span);
    }

    /// <summary>Deletes the planned faults of a job, if it has any.</summary>
    public void DeleteFaults(long job) => File.Delete(GetPath(job));

    /// <summary>Reads the planned faults of a job; none when it has no file.</summary>
    public IReadOnlyList<PlannedFault> ReadFaults(long job)
    {
        if (!File.Exists(GetPath(job)))
            return [];
        var reader = new FrameReader(File.ReadAllBytes(GetPath(job)));
        var faults = new List<PlannedFault>();
        while (!reader.IsAtEnd)
            faults.Add(ReadFault(ref reader));
        return faults;
    }

    /// <summary>Counts a start of a job.</summary>
    /// <returns>The number of starts, in all workers.</returns>
    public int CountStart(long job)
    {
        using var file = new FileStream(GetPath(job) + ".starts", FileMode.Append, FileAccess.Write);
        file.WriteByte(1);
        return (int)file.Length;
    }

    /// <summary>Records an injected fault.</summary>
    public void RecordInjected(int rule, long job, int attempt, int processId, long timestamp)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{rule}-{job}-{attempt}-{processId}-{timestamp}");
        PrivateFile.Create(Path.Combine(directory, name + InjectedSuffix)).Dispose();
    }

    /// <summary>Reads the injected faults.</summary>
    public IEnumerable<(int Rule, long Job, int Attempt, int ProcessId, long Timestamp)> ReadInjected() =>
        from path in System.IO.Directory.EnumerateFiles(directory, "*" + InjectedSuffix)
        let parts = Path.GetFileNameWithoutExtension(path).Split('-')
            .Select(part => long.Parse(part, CultureInfo.InvariantCulture)).ToArray()
        select ((int)parts[0], parts[1], (int)parts[2], (int)parts[3], parts[4]);

    /// <summary>Deletes the directory.</summary>
    public void Delete() => System.IO.Directory.Delete(directory, recursive: true);

    private string GetPath(long job) => Path.Combine(directory, job.ToString(CultureInfo.InvariantCulture));

    // The frames of the worker's socket: the first use of a general serializer would take longer than many timeouts.
    private static void WriteFault(FrameWriter writer, PlannedFault planned)
    {
        var fault = planned.Fault;
        writer.WriteInt32(planned.Rule);
        writer.WriteInt32((int)fault.Kind);
        writer.WriteInt32((int)fault.Moment);
        writer.WriteInt32((int)fault.Signal);
        writer.WriteInt32(fault.ExitCode);
        writer.WriteInt64(fault.Time.Ticks);
        writer.WriteFailure(fault.Failure);
        writer.WriteInt32(planned.Attempts.Count);
        foreach (var attempt in planned.Attempts)
            writer.WriteInt32(attempt);
    }

    private static PlannedFault ReadFault(ref FrameReader reader)
    {
        var rule = reader.ReadInt32();
        var (kind, moment) = ((FaultKind)reader.ReadInt32(), (FaultMoment)reader.ReadInt32());
        var (signal, exitCode) = ((WorkerSignal)reader.ReadInt32(), reader.ReadInt32());
        var (time, failure) = (TimeSpan.FromTicks(reader.ReadInt64()), reader.ReadFailure());
        var fault = Fault.Restore(kind, moment) with { Signal = signal, ExitCode = exitCode, Time = time, Failure = failure };
        var attempts = new int[reader.ReadInt32()];
        for (var i = 0; i < attempts.Length; i++)
            attempts[i] = reader.ReadInt32();
        return new PlannedFault(rule, fault, attempts);
    }
}
