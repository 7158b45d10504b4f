using Actors.Checkers;

namespace Actors.Faults.Tests.Loads;

/// <summary>A value whose conditional changes only say whether they succeeded, as those of managed values and dictionaries.</summary>
/// <param name="initial">The value before the first operation; null for an absent key.</param>
internal sealed class VisibleValueModel(long? initial) : ISequentialModel<ValueHeld, ValueInput, ValueOutput>
{
    private readonly ValueModel _model = new(initial);

    /// <inheritdoc/>
    public ValueHeld InitialState => _model.InitialState;

    /// <inheritdoc/>
    public (ValueHeld Next, ValueOutput Output) ApplyOperation(ValueHeld state, ValueInput input)
    {
        var (next, output) = _model.ApplyOperation(state, input);
        return (next, input.Action is ValueAction.Add or ValueAction.Replace ? new ValueOutput(output.Succeeded) : output);
    }
}
