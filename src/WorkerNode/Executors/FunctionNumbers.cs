using Actors.Messages.Jobs;

namespace Actors.WorkerNode.Executors;

/// <summary>The numbers under which one executor knows functions: each definition is sent once.</summary>
internal sealed class FunctionNumbers
{
    private readonly Dictionary<FunctionRef, int> _numbers = [];

    /// <summary>The function's number; new when the executor must hear the definition first.</summary>
    public int GetNumber(FunctionRef function, out bool isNew)
    {
        isNew = !_numbers.TryGetValue(function, out var number);
        if (isNew)
            _numbers[function] = number = _numbers.Count;
        return number;
    }
}
