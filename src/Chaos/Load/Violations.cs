namespace Actors.Chaos.Load;

/// <summary>The violated invariants of a run. Thread-safe.</summary>
internal sealed class Violations
{
    private const int MaxTexts = 50;

    private readonly Lock _access = new();
    private readonly List<string> _texts = [];
    private long _count;

    /// <summary>The number of violations.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>The first violations.</summary>
    public IReadOnlyList<string> Texts
    {
        get
        {
            lock (_access)
                return [.. _texts];
        }
    }

    /// <summary>Adds a violation.</summary>
    public void Add(string text)
    {
        Interlocked.Increment(ref _count);
        lock (_access)
        {
            if (_texts.Count < MaxTexts)
                _texts.Add(text);
        }
    }
}
