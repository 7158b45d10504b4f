using System.Globalization;

namespace Actors.Chaos.Load;

/// <summary>Checks that every job ends once, with the right result. Thread-safe.</summary>
/// <param name="violations">Receives the violations.</param>
internal sealed class JobLedger(Violations violations)
{
    private readonly Lock _access = new();
    private readonly Dictionary<long, string> _pending = [];
    private readonly Dictionary<long, long> _indexes = [];
    private long _submitted;
    private long _correct;

    /// <summary>The number of submitted jobs.</summary>
    public long Submitted => Interlocked.Read(ref _submitted);

    /// <summary>The number of jobs that ended with the right result.</summary>
    public long Correct => Interlocked.Read(ref _correct);

    /// <summary>The number of jobs that a durable pool has accepted.</summary>
    public int Accepted
    {
        get
        {
            lock (_access)
                return _indexes.Count;
        }
    }

    /// <summary>Adds a new job.</summary>
    /// <returns>Its index, from 1.</returns>
    public long AddJob()
    {
        lock (_access)
        {
            _pending.Add(++_submitted, "it was not submitted");
            return _submitted;
        }
    }

    /// <summary>Records the step that an unfinished job is in, for the violation if it is the last one.</summary>
    public void RecordStep(long index, FormattableString step)
    {
        lock (_access)
        {
            if (_pending.ContainsKey(index))
                _pending[index] = Format(step);
        }
    }

    /// <summary>Records that a durable pool has accepted a job. It may give its id to no other job.</summary>
    public void RecordAccepted(long index, long id)
    {
        lock (_access)
        {
            if (!_indexes.TryAdd(id, index) && _indexes[id] != index)
                violations.Add(Format($"Job {index} and job {_indexes[id]} were both accepted as job {id}."));
        }
    }

    /// <summary>Records the result of a job.</summary>
    public void RecordResult(long index, long result)
    {
        lock (_access)
        {
            if (!_pending.Remove(index))
                violations.Add(Format($"Job {index} ended twice."));
            else if (result != ChaosWork.ComputeResult(index))
                violations.Add(Format($"Job {index} ended with {result} instead of {ChaosWork.ComputeResult(index)}."));
            else
                _correct++;
        }
    }

    /// <summary>Records that a job ended without a result, and will not be tried again.</summary>
    public void RecordFailure(long index, string error)
    {
        lock (_access)
        {
            _pending.Remove(index);
            violations.Add(Format($"Job {index} failed: {error}"));
        }
    }

    /// <summary>Adds a violation for each job that has not ended.</summary>
    public void RequireAllEnded()
    {
        lock (_access)
        {
            foreach (var (index, step) in _pending.OrderBy(job => job.Key))
                violations.Add(Format($"Job {index} has not ended: {step}."));
        }
    }

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
