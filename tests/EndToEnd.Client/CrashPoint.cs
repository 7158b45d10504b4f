namespace Actors.EndToEnd.Client;

/// <summary>The step at which a program crashes.</summary>
/// <param name="step">The step.</param>
/// <param name="milliseconds">The time between the begin of a call and the crash, for a step in which a call has begun.</param>
internal sealed class CrashPoint(string step, int milliseconds)
{
    /// <summary>Crashes if this is the step: the calls before it have returned.</summary>
    public void Pass(string name)
    {
        if (step == name)
            Environment.FailFast($"The test crashes this program at the step '{step}'.");
    }

    /// <summary>Begins a call and crashes if this is the step. Otherwise the call does not begin.</summary>
    public void PassDuring(string name, Func<Task> begin)
    {
        if (step != name)
            return;
        _ = begin();
        Thread.Sleep(milliseconds);
        Pass(name);
    }
}
